/** A picture with boxes and their labels drawn on it. */
import { choiceOption, integerOption, knownOptions } from "../structures/options.js";
import { boxesSvg, type DrawnBox } from "./box-drawing.js";
import { invalidImage, readPicture } from "./picture-file.js";
import { openPicture } from "./picture-pipeline.js";
import { ShownPicture } from "./shown-picture.js";

export interface DrawBoxesOptions {
  /** The longer side of the result in pixels; smaller pictures are enlarged. */
  imageSize: number;
  /** A label's place here gives it its colour; by default the order in which the boxes have them. */
  labels?: readonly string[];
  /** "jpeg" (the default), or "png". */
  format?: "jpeg" | "png";
}

/**
 * Draws boxes with their labels, and scores where they have one.
 * @throws `InvalidOption`, `MissingFile`, `InvalidImage`, `ImageTooLarge`
 */
export async function drawBoxes(
  source: string | Uint8Array,
  boxes: readonly DrawnBox[],
  options: DrawBoxesOptions,
): Promise<ShownPicture> {
  knownOptions("drawBoxes", options, ["imageSize", "labels", "format"]);
  const format = choiceOption("format", options.format ?? "jpeg", ["jpeg", "png"]);
  const side = integerOption("imageSize", Math.round(options.imageSize), 16, 8192);
  const picture = await readPicture(source);
  const scale = side / Math.max(picture.width, picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const labels = options.labels ?? [...new Set(boxes.map(({ label }) => label))];
  const drawing = boxesSvg(boxes, { width, height, scale, labels });
  try {
    const base = openPicture(picture).resize(width, height, { fit: "fill" }).flatten({ background: "white" });
    const drawn = base.toColourspace("srgb").composite([{ input: Buffer.from(drawing), left: 0, top: 0 }]);
    const encoded = format === "png" ? drawn.png() : drawn.jpeg({ quality: 90, chromaSubsampling: "4:4:4" });
    const data = await encoded.toBuffer();
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
    const mime = format === "png" ? "image/png" : "image/jpeg";
    return new ShownPicture({ bytes, mime, width, height }, description(boxes));
  } catch (cause) {
    throw invalidImage(picture.path, cause);
  }
}

/** "a picture with 3 objects: 2 × cup, plate" */
function description(boxes: readonly DrawnBox[]): string {
  const counts = new Map<string, number>();
  for (const { label } of boxes) counts.set(label, (counts.get(label) ?? 0) + 1);
  const kinds = [...counts].map(([label, count]) => (count === 1 ? label : `${count} × ${label}`));
  if (kinds.length === 0) return "a picture without objects";
  return `a picture with ${boxes.length} object${boxes.length === 1 ? "" : "s"}: ${kinds.join(", ")}`;
}
