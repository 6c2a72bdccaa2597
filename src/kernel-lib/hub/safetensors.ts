/** Reading safetensors, the weights format that can't run anything. https://github.com/huggingface/safetensors */
import { withBytes } from "./byte-source.js";
import { headerLength, parseHeader } from "./safetensors-header.js";
import { decodeValues, type Tensor } from "./tensor.js";

/**
 * Every tensor of a file or of its bytes, by name, in the order of their bytes.
 *
 * @throws MissingFile where there is no file, InvalidFile that names the field that contradicts the format
 */
export async function readSafetensors(from: string | Uint8Array): Promise<Map<string, Tensor>> {
  return withBytes(from, async ({ path, size, read }) => {
    const length = headerLength(path, await read(0, Math.min(8, size)), size);
    const start = 8 + length;
    const { entries } = parseHeader(path, await read(8, length), size - start);
    const tensors = new Map<string, Tensor>();
    for (const { name, dtype, shape, begin, end } of entries) {
      const data = decodeValues(dtype, await read(start + begin, end - begin));
      tensors.set(name, { dtype, shape, data });
    }
    return tensors;
  });
}
