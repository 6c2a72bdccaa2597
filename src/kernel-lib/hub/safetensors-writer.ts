/** Writing safetensors: the same tensors give the same bytes, those that the format's own library writes. */
import { writeFileAtomic } from "../structures/atomic-file.js";
import { quote, VitrineError } from "../structures/errors.js";
import { type Dtype, bytesOf, elementsOf, encodeValues, fitsDtype, type Tensor } from "./tensor.js";

/** Wide types first, so that each tensor's numbers are aligned; the order of the format's own library. */
const ORDER: readonly Dtype[] = [
  "U64",
  "I64",
  "F64",
  "F32",
  "U32",
  "I32",
  "BF16",
  "F16",
  "U16",
  "I16",
  "I8",
  "U8",
  "BOOL",
];

/**
 * The bytes of a safetensors file.
 *
 * @throws InvalidOption where a tensor's data is not what its dtype and shape say
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = [...tensors].sort(byDtypeThenName);
  for (const [name, tensor] of entries) check(name, tensor);
  const json = headerJson(entries, metadata);
  // Spaces, so that the tensors begin at a multiple of eight.
  const head = new TextEncoder().encode(json.padEnd(json.length + ((8 - (utf8Length(json) % 8)) % 8)));
  const bytes = new Uint8Array(entries.reduce((sum, [, tensor]) => sum + byteLength(tensor), 8 + head.length));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  let offset = 8 + head.length;
  for (const [, tensor] of entries) {
    bytes.set(encodeValues(tensor), offset);
    offset += byteLength(tensor);
  }
  return bytes;
}

/** Writes the file whole or not at all. */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(path, encodeSafetensors(tensors, metadata), "a weights file");
}

const byteLength = ({ dtype, shape }: Tensor) => bytesOf(dtype) * elementsOf(shape);
const utf8Length = (text: string) => Buffer.byteLength(text);

function byDtypeThenName([a, x]: [string, Tensor], [b, y]: [string, Tensor]): number {
  return ORDER.indexOf(x.dtype) - ORDER.indexOf(y.dtype) || Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Built as text: an object would sort names that look like numbers to the front, and lose `__proto__`. */
function headerJson(entries: readonly [string, Tensor][], metadata: Readonly<Record<string, string>>): string {
  const fields: string[] = [];
  const pairs = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (pairs.length > 0) {
    fields.push(`"__metadata__":{${pairs.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(",")}}`);
  }
  let begin = 0;
  for (const [name, tensor] of entries) {
    const end = begin + byteLength(tensor);
    const value = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, end] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
    begin = end;
  }
  return `{${fields.join(",")}}`;
}

function check(name: string, tensor: Tensor): void {
  const { dtype, shape, data } = tensor;
  const expected = `${elementsOf(shape)} numbers for ${dtype} of shape [${shape.join(", ")}]`;
  const received = `a ${data.constructor.name} of ${data.length}`;
  const sound = shape.every((side) => Number.isSafeInteger(side) && side >= 0);
  if (name === "__metadata__" || !sound || !fitsDtype(tensor) || data.length !== elementsOf(shape)) {
    throw new VitrineError("InvalidOption", { option: `tensor ${quote(name)}`, expected, received });
  }
}
