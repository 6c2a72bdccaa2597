import sharp from "sharp";
import { afterEach, beforeEach, expect, it } from "vitest";

import { installKernelPort, JUPYTER_DISPLAY } from "../../../src/kernel-lib/comm/port.js";
import { bundleOf, display } from "../../../src/kernel-lib/ui/display.js";
import { Figure } from "../../../src/kernel-lib/ui/figure.js";
import { RecordingKernel } from "../comm/recording-kernel.js";

let kernel: RecordingKernel;

beforeEach(() => {
  kernel = new RecordingKernel();
});

afterEach(() => installKernelPort(undefined));

it("shows a picture in memory as a PNG of the same pixels", async () => {
  const data = Uint8Array.of(255, 0, 0, 0, 255, 0);
  const bundle = await bundleOf({ data, width: 2, height: 1, channels: 3 });
  const png = sharp(Buffer.from(String(bundle["image/png"]), "base64"));
  expect(new Uint8Array(await png.raw().toBuffer())).toEqual(data);
  expect(bundle["text/plain"]).toBe("picture, 2 × 1 pixels, 3 channels");
});

it("refuses a picture whose fields contradict each other", async () => {
  const picture = { data: Uint8Array.of(1), width: 2, height: 1, channels: 3 };
  await expect(display(picture)).rejects.toThrow("Expected 2 × 1 × 3 = 6 bytes of data for image but received 1 bytes");
});

it("shows each value its own way, in turn", async () => {
  const own = { [JUPYTER_DISPLAY]: () => Promise.resolve({ "text/html": "<i>mine</i>" }) };
  await display("text", { a: 1 }, { "text/markdown": "**bold**" }, own, Promise.resolve("later"));
  expect(kernel.displays.map(({ bundle }) => bundle)).toEqual([
    { "text/plain": "text" },
    { "text/plain": expect.stringContaining("a:") as string },
    { "text/markdown": "**bold**" },
    { "text/html": "<i>mine</i>" },
    { "text/plain": "later" },
  ]);
});

it("shows a figure live", async () => {
  const figure = new Figure({ data: [{ y: [1, 2] }] });
  await display(figure);
  const [shown] = kernel.displays;
  expect(shown?.options).toEqual({ displayId: figure.id });
  expect(shown?.bundle["application/vnd.jupyter.widget-view+json"]).toMatchObject({ model_id: figure.id });
});
