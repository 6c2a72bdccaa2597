/**
 * TensorFlow's record files: each record with its length before it and checksums of both, so that a damaged file is never taken for a whole
 * one. A record: length (8 bytes, little-endian), masked CRC-32C of those 8 bytes, the bytes, their masked CRC-32C.
 */
import { mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { hiddenName } from "../structures/atomic-file.js";
import { isVitrineError, quote, VitrineError } from "../structures/errors.js";
import { writeReason } from "../structures/write-reason.js";
import { effectiveSignal } from "../structures/interrupt.js";
import { knownOptions, textOption } from "../structures/options.js";
import type { TfExample } from "../structures/tf-example.js";
import { maskedCrc32c } from "./crc32c.js";
import { readExample, writeExample } from "./tf-example-message.js";

export interface TfRecordOptions {
  signal?: AbortSignal | undefined;
}

/**
 * Writes examples into a file that appears whole or not at all.
 * @returns how many there were
 * @throws `CannotWrite`, `Stopped`, and what the examples' source throws
 */
export async function writeTfRecord(
  path: string,
  examples: Iterable<TfExample> | AsyncIterable<TfExample>,
  options: TfRecordOptions = {},
): Promise<number> {
  knownOptions("writeTfRecord", options, ["signal"]);
  const target = resolve(textOption("path", path));
  if (!isIterable(examples)) {
    const expected = "a list of examples, or what gives them one by one: tfExamples(dataset)";
    throw new VitrineError("InvalidOption", { option: "examples", expected, received: quote(examples) });
  }
  const signal = effectiveSignal(options.signal);
  const beside = join(dirname(target), hiddenName(target));
  try {
    const file = await onDisk(target, () => mkdir(dirname(target), { recursive: true }).then(() => open(beside, "wx")));
    let count = 0;
    try {
      for await (const example of examples) {
        if (signal?.aborted)
          throw new VitrineError("Stopped", { operation: "Writing records", kept: "nothing was written" });
        const record = framed(writeExample(example));
        await onDisk(target, () => file.writeFile(record));
        count++;
      }
      await onDisk(target, () => file.sync());
    } finally {
      await file.close();
    }
    await onDisk(target, () => rename(beside, target));
    return count;
  } finally {
    await rm(beside, { force: true });
  }
}

const isIterable = (value: unknown) =>
  typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);

async function onDisk<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new VitrineError("CannotWrite", { path, what: "a file of records", reason: writeReason(cause) }, { cause });
  }
}

function framed(bytes: Uint8Array): Uint8Array {
  const record = new Uint8Array(bytes.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(bytes.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(bytes, 12);
  view.setUint32(bytes.length + 12, maskedCrc32c(bytes), true);
  return record;
}

/**
 * The examples of a file, one after the other: never more than one is in memory.
 * @throws `MissingFile`, `InvalidFile` with the record's number, counted from 0, where one is damaged or cut short
 */
export async function* readTfRecord(path: string): AsyncGenerator<TfExample, void, undefined> {
  const file = await opened(path);
  try {
    const { size } = await file.stat();
    let at = 0;
    for (let number = 0; at < size; number++) {
      const reject = (expected: string, received: string): never => {
        throw new VitrineError("InvalidFile", { path, where: `record ${number}`, expected, received });
      };
      const head = await part(file, at, 12, size, reject);
      checkSum(head.subarray(0, 8), head, 8, "its length", reject);
      const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
      if (length > BigInt(size - at)) reject(`a length of at most ${size - at}`, String(length));
      const body = await part(file, at + 12, Number(length) + 4, size, reject);
      const bytes = body.subarray(0, Number(length));
      checkSum(bytes, body, Number(length), "its bytes", reject);
      at += 16 + Number(length);
      yield readExample(bytes, reject);
    }
  } finally {
    await file.close();
  }
}

type Reject = (expected: string, received: string) => never;

function checkSum(bytes: Uint8Array, record: Uint8Array, at: number, what: string, reject: Reject): void {
  const found = maskedCrc32c(bytes);
  const written = new DataView(record.buffer, record.byteOffset).getUint32(at, true);
  const hex = (value: number) => `0x${value.toString(16).padStart(8, "0")}`;
  if (found !== written) reject(`checksum ${hex(written)} of ${what}`, hex(found));
}

async function part(file: FileHandle, at: number, length: number, size: number, reject: Reject): Promise<Uint8Array> {
  if (at + length > size) reject(`${length} more bytes`, String(size - at));
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  return bytesRead === length ? bytes : reject(`${length} more bytes`, String(bytesRead));
}

async function opened(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "r");
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new VitrineError("MissingFile", { path, what: "a file of records", reason: "it is not a file" });
  } catch (cause) {
    if (isVitrineError(cause)) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const reason = code === "ENOENT" ? "there is no such file" : code;
    throw new VitrineError("MissingFile", { path, what: "a file of records", reason }, { cause });
  }
}
