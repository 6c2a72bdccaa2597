/** The framing of TFRecord files: length (64 bits), its checksum, the data, its checksum; all little-endian. */
import { maskedCrc32c } from "../hub/crc32c.js";

/** One record, ready to be appended to a file. */
export function frameRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}
