/** A saliency map as a small picture to lay over the large one: the warmer and the less transparent, the more it matters. */
import { encodePng } from "../plots/index.js";
import type { SaliencyMap } from "../structures/saliency.js";

/** Told apart by every kind of colour vision, from little to much. */
const STOPS = [
  [0, 34, 78],
  [125, 124, 120],
  [254, 232, 56],
] as const;
const OPAQUE = 190;

/** As a data URL of one pixel a cell. */
export async function saliencyUrl({ width, height, data }: SaliencyMap): Promise<string> {
  const pixels = new Uint8Array(4 * width * height);
  data.forEach((value, i) => {
    const share = Math.min(1, Math.max(0, value)) * (STOPS.length - 1);
    const from = Math.min(STOPS.length - 2, Math.floor(share));
    for (let c = 0; c < 3; c++) {
      const [a = 0, b = 0] = [STOPS[from]?.[c], STOPS[from + 1]?.[c]];
      pixels[4 * i + c] = Math.round(a + (b - a) * (share - from));
    }
    pixels[4 * i + 3] = Math.round((OPAQUE * share) / (STOPS.length - 1));
  });
  const png = await encodePng({ data: pixels, width, height, channels: 4 });
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}
