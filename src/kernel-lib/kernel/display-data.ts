/** A value as a mime bundle: by the value's own `Symbol.for("Jupyter.display")` method, else as `console.log` prints it. */
import { inspect } from "node:util";

import { JUPYTER_DISPLAY, type MimeBundle } from "../comm/port.js";
import { showCellPositions } from "./compiler/cell-source.js";

/** @throws what the value's own method throws. */
export async function bundleOf(value: unknown): Promise<MimeBundle> {
  const own = displayMethod(value);
  if (!own) return { "text/plain": showCellPositions(inspect(value, { depth: 4, maxArrayLength: 100 })) };
  const bundle: unknown = await own();
  if (bundle === null || typeof bundle !== "object") {
    throw new TypeError(`Expected a mime bundle from Symbol.for("Jupyter.display") but received ${inspect(bundle)}`);
  }
  return encodeBundle(bundle as MimeBundle);
}

/** Jupyter carries bytes (pictures, say) as base64. */
export function encodeBundle(bundle: MimeBundle): MimeBundle {
  const entries = Object.entries(bundle).map(([mime, content]) => {
    const encoded: unknown =
      content instanceof Uint8Array
        ? Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("base64")
        : content;
    return [mime, encoded] as const;
  });
  return Object.fromEntries(entries);
}

function displayMethod(value: unknown): (() => unknown) | undefined {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
  const method = (value as { [JUPYTER_DISPLAY]?: unknown })[JUPYTER_DISPLAY];
  return typeof method === "function" ? () => (method as () => unknown).call(value) : undefined;
}
