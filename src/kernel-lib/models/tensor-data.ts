/** Tensors as files hold them: torch's shapes and names, 32-bit floats. */
import { VitrineError } from "../structures/errors.js";

/** Row by row; a convolution's weights are outputs × inputs × height × width. */
export interface TensorData {
  shape: readonly number[];
  data: Float32Array;
}

export type NamedTensors = ReadonlyMap<string, TensorData>;

/** The tensors of `shapes` out of a file's, which may have more (`fc.weight`). @throws InvalidWeights on the first that is wrong */
export function pickTensors(
  path: string,
  tensors: NamedTensors,
  shapes: ReadonlyMap<string, readonly number[]>,
): Map<string, TensorData> {
  const picked = new Map<string, TensorData>();
  for (const [name, shape] of shapes) {
    const found = tensors.get(name);
    const expected = `a tensor of ${shape.join(" × ")}`;
    if (!found) throw new VitrineError("InvalidWeights", { path, tensor: name, expected, received: "none" });
    if (found.shape.join() !== shape.join()) {
      const received = `one of ${found.shape.join(" × ")}`;
      throw new VitrineError("InvalidWeights", { path, tensor: name, expected, received });
    }
    picked.set(name, found);
  }
  return picked;
}
