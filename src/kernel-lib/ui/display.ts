/** Shows values now, in the middle of a cell or of a script; a cell's last value shows itself. */
import { inspect } from "node:util";

import { JUPYTER_DISPLAY, kernelPort, type MimeBundle } from "../comm/port.js";
import { showBundle } from "../comm/show.js";
import { Widget } from "../comm/widget.js";
import { encodePng } from "../plots/index.js";
import type { ImageData8 } from "../structures/image.js";

/**
 * Shows each value, in turn: a widget or figure live, a picture (`ImageData8`) as a picture, a mime bundle
 * (`{ "text/html": … }`) as it says, an object with `Symbol.for("Jupyter.display")` as it wants, anything else as Node prints it.
 */
export async function display(...values: unknown[]): Promise<void> {
  for (const value of values) {
    // A widget can be shown again later: it brings what the notebook keeps of it up to date.
    if (value instanceof Widget) await value.show();
    else showBundle(await bundleOf(value));
  }
}

/** The mime bundle that a value is shown by. */
export async function bundleOf(value: unknown): Promise<MimeBundle> {
  if (value instanceof Promise) return bundleOf(await value);
  if (isDisplayable(value)) return value[JUPYTER_DISPLAY]();
  if (isPicture(value)) return pictureBundle(value);
  if (isMimeBundle(value)) return value;
  const text = typeof value === "string" ? value : inspect(value, { colors: kernelPort() !== undefined });
  return { "text/plain": text };
}

function isDisplayable(value: unknown): value is { [JUPYTER_DISPLAY](): MimeBundle | Promise<MimeBundle> } {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { [JUPYTER_DISPLAY]?: unknown })[JUPYTER_DISPLAY] === "function"
  );
}

function isPicture(value: unknown): value is ImageData8 {
  const { data, width, height, channels } = (value ?? {}) as Partial<ImageData8>;
  return data instanceof Uint8Array && [width, height, channels].every((number) => typeof number === "number");
}

async function pictureBundle(image: ImageData8): Promise<MimeBundle> {
  const png = await encodePng(image);
  const { width, height, channels } = image;
  const text = `picture, ${width} × ${height} pixels, ${channels} channels`;
  return { "image/png": Buffer.from(png).toString("base64"), "text/plain": text };
}

/** All keys are mime types, and there is at least one. */
function isMimeBundle(value: unknown): value is MimeBundle {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => /^(text|image|application|audio|video)\/[\w.+-]+$/.test(key));
}
