/**
 * LevelDB's sorted table, in which TensorFlow keeps the index of a checkpoint: blocks of keys and values, a block that says where
 * they are, and a footer that says where that one is. https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
import { VitrineError } from "../structures/errors.js";
import { maskedCrc32c } from "./crc32c.js";
import { ByteReader, type RejectBytes } from "./protobuf-reader.js";

const FOOTER = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** After each block: its compression, and a checksum. */
const TRAILER = 5;

/** Where a block is. */
interface Handle {
  offset: number;
  size: number;
}

/**
 * All keys with their values, in the file's order. Keys are TensorFlow's names, UTF-8.
 * @throws InvalidFile that names the place
 */
export function readSortedTable(path: string, bytes: Uint8Array): Map<string, Uint8Array> {
  const values = new Map<string, Uint8Array>();
  for (const [, handle] of blockEntries(path, bytes, indexHandle(path, bytes), "the index block")) {
    const where = "a block's place";
    const place = readHandle(new ByteReader(handle, rejecter(path, where)));
    for (const [key, value] of blockEntries(path, bytes, place, `the block at byte ${place.offset}`)) {
      values.set(key, value);
    }
  }
  return values;
}

function indexHandle(path: string, bytes: Uint8Array): Handle {
  const reject = rejecter(path, "the footer");
  if (bytes.length < FOOTER) reject(`at least ${FOOTER} bytes`, String(bytes.length));
  const footer = bytes.subarray(bytes.length - FOOTER);
  const magic = new ByteReader(footer.subarray(40), reject).fixed64();
  if (magic !== MAGIC) reject("the end of a TensorFlow checkpoint's index", `0x${magic.toString(16)}`);
  const reader = new ByteReader(footer, reject);
  readHandle(reader);
  return readHandle(reader);
}

const readHandle = (reader: ByteReader): Handle => ({ offset: reader.count(), size: reader.count() });

/** A block's content, once its checksum is right. */
function blockBytes(path: string, bytes: Uint8Array, { offset, size }: Handle, where: string): Uint8Array {
  const reject = rejecter(path, where);
  const end = offset + size;
  if (end + TRAILER > bytes.length) reject(`at most ${bytes.length} bytes`, String(end + TRAILER));
  const [kind = 0] = bytes.subarray(end);
  const stored = new ByteReader(bytes.subarray(end + 1, end + TRAILER), reject).fixed32();
  if (stored !== maskedCrc32c(bytes.subarray(offset, end + 1))) reject("a block of this checksum", "changed bytes");
  if (kind !== 0) reject("a block that is not compressed, as TensorFlow writes it,", `compression ${kind}`);
  return bytes.subarray(offset, end);
}

/** A key is stored as what it shares with the one before, and the rest. */
function blockEntries(path: string, bytes: Uint8Array, handle: Handle, where: string): [string, Uint8Array][] {
  const reject = rejecter(path, where);
  const block = blockBytes(path, bytes, handle, where);
  const restarts = block.length < 4 ? 0 : new ByteReader(block.subarray(block.length - 4), reject).fixed32();
  const end = block.length - 4 * (restarts + 1);
  if (end < 0) reject("a list of restarts within the block", `${restarts} of them`);
  const reader = new ByteReader(block.subarray(0, end), reject);
  const entries: [string, Uint8Array][] = [];
  let last: Uint8Array = new Uint8Array();
  while (!reader.ended) {
    const [shared, rest, length] = [reader.count(), reader.count(), reader.count()];
    if (shared > last.length) reject(`at most ${last.length} shared bytes`, String(shared));
    const key: Uint8Array = Uint8Array.from([...last.subarray(0, shared), ...reader.take(rest)]);
    entries.push([new TextDecoder().decode(key), reader.take(length)]);
    last = key;
  }
  return entries;
}

function rejecter(path: string, where: string): RejectBytes {
  return (expected, received) => {
    throw new VitrineError("InvalidFile", { path, where, expected, received });
  };
}
