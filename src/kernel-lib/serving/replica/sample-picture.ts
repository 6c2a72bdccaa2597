/** A picture for a model's first computation, drawn here. */
import { encoded } from "../models/prepare-pixels.js";

const SIDE = 64;

export function samplePicture(): Promise<Uint8Array> {
  const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * 37) % 251);
  return encoded({ data, width: SIDE, height: SIDE, channels: 3 });
}
