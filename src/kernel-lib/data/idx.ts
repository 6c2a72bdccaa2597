/**
 * The idx format of MNIST and its kin: two zeros, a type, the number of dimensions, their lengths, then the numbers, all big-endian
 * (Y. LeCun, C. Cortes, C. Burges: "The MNIST database of handwritten digits"). Compressed by gzip or not.
 */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

import { VitrineError } from "../structures/errors.js";
import { integerOption, knownOptions } from "../structures/options.js";

export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

export interface IdxArray {
  shape: readonly number[];
  /** As many numbers as the shape says, the last dimension first. */
  data: IdxData;
}

export interface ReadIdxOptions {
  /** Of the numbers, decompressed; 512 MiB by default. What says that it has more is refused before it is read. */
  maxBytes?: number;
}

/** By the header's third byte: bytes a number, and how they are read. */
const TYPES: Readonly<Record<number, { size: 1 | 2 | 4 | 8; view: (bytes: ArrayBuffer) => IdxData }>> = {
  0x08: { size: 1, view: (bytes) => new Uint8Array(bytes) },
  0x09: { size: 1, view: (bytes) => new Int8Array(bytes) },
  0x0b: { size: 2, view: (bytes) => new Int16Array(bytes) },
  0x0c: { size: 4, view: (bytes) => new Int32Array(bytes) },
  0x0d: { size: 4, view: (bytes) => new Float32Array(bytes) },
  0x0e: { size: 8, view: (bytes) => new Float64Array(bytes) },
};

/** Dimensions that anybody has. */
const MAX_DIMENSIONS = 8;

/**
 * @param source a file's path or its bytes
 * @throws MissingFile; InvalidFile that says where: the magic number, a dimension, an end too early or too late, gzip's own check
 */
export async function readIdx(source: string | Uint8Array, options: ReadIdxOptions = {}): Promise<IdxArray> {
  knownOptions("readIdx", options, ["maxBytes"]);
  const maxBytes = integerOption("maxBytes", options.maxBytes ?? 512 * 2 ** 20, 1);
  const path = typeof source === "string" ? source : "idx";
  const reader = new IdxReader(path, maxBytes);
  for await (const chunk of await open(source, path)) reader.add(chunk);
  return reader.end();
}

/** Decompressed as it is asked for, so that what is too much is never made. */
async function open(source: string | Uint8Array, path: string): Promise<AsyncIterable<Uint8Array>> {
  if (typeof source === "string") {
    const missing = (reason: string) => new VitrineError("MissingFile", { path, what: "an idx file", reason });
    const kind = await stat(source).catch((cause: unknown) => {
      throw missing((cause as NodeJS.ErrnoException).code ?? String(cause));
    });
    if (!kind.isFile()) throw missing("it is no file");
  }
  return decompressed(typeof source === "string" ? createReadStream(source) : Readable.from([source]), path);
}

async function* decompressed(raw: Readable, path: string): AsyncGenerator<Uint8Array> {
  const chunks = raw[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const refuse = (cause: unknown) => {
    const received = cause instanceof Error ? cause.message : String(cause);
    return new VitrineError("InvalidFile", { path, where: "its compression", expected: "gzip", received }, { cause });
  };
  let failed: unknown;
  try {
    const first = await chunks.next();
    const head = first.done === true ? new Uint8Array() : first.value;
    const all = Readable.from(rest(head, chunks));
    if (head[0] !== 0x1f || head[1] !== 0x8b) {
      yield* all as AsyncIterable<Uint8Array>;
      return;
    }
    const gunzip = createGunzip();
    all.once("error", (error) => gunzip.destroy(error));
    try {
      for await (const chunk of all.pipe(gunzip)) yield chunk as Uint8Array;
    } catch (error) {
      failed = error;
    } finally {
      gunzip.destroy();
      all.destroy();
    }
    if (failed !== undefined) throw refuse(failed);
  } finally {
    raw.destroy();
  }
}

async function* rest(first: Uint8Array, others: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await others.next(); next.done !== true; next = await others.next()) yield next.value;
}

interface Header {
  shape: readonly number[];
  /** Of the header itself, and of the numbers. */
  headBytes: number;
  bodyBytes: number;
  type: (typeof TYPES)[number];
}

/** Takes the bytes as they come; refuses what is wrong as soon as it is seen. */
class IdxReader {
  private readonly path: string;
  private readonly maxBytes: number;
  private readonly chunks: Uint8Array[] = [];
  private received = 0;
  private header: Header | undefined;

  constructor(path: string, maxBytes: number) {
    this.path = path;
    this.maxBytes = maxBytes;
  }

  add(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.received += chunk.length;
    this.header ??= this.readHeader(Buffer.concat(this.chunks));
    const { header } = this;
    if (header && this.received > header.headBytes + header.bodyBytes) {
      throw this.refusal("its end", `${header.bodyBytes} bytes of numbers`, "more");
    }
  }

  end(): IdxArray {
    const { header } = this;
    if (!header) throw this.refusal("its header", "a magic number and dimensions", `${this.received} bytes`);
    const { shape, headBytes, bodyBytes, type } = header;
    if (this.received < headBytes + bodyBytes) {
      throw this.refusal("its end", `${bodyBytes} bytes of numbers`, `${this.received - headBytes}`);
    }
    const bytes = new Uint8Array(bodyBytes);
    let at = -headBytes;
    for (const chunk of this.chunks) {
      bytes.set(chunk.subarray(Math.max(0, -at)), Math.max(0, at));
      at += chunk.length;
    }
    return { shape, data: type.view(littleEndian(bytes, type.size).buffer) };
  }

  /** undefined until it is whole. */
  private readHeader(bytes: Buffer): Header | undefined {
    if (bytes.length < 4) return undefined;
    const [zero, one, code = 0, dimensions = 0] = bytes;
    const type = TYPES[code];
    if (zero !== 0 || one !== 0 || !type || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      const expected = "0, 0, a type (8, 9, 11 to 14) and 1 to 8 dimensions";
      throw this.refusal("its magic number", expected, [...bytes.subarray(0, 4)].join(", "));
    }
    const headBytes = 4 + 4 * dimensions;
    if (bytes.length < headBytes) return undefined;
    const shape = Array.from({ length: dimensions }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
    const bodyBytes = shape.reduce<number>((product, length) => product * length, type.size);
    if (bodyBytes > this.maxBytes) {
      throw this.refusal("its dimensions", `at most ${this.maxBytes} bytes of numbers`, shape.join(" × "));
    }
    return { shape, headBytes, bodyBytes, type };
  }

  private refusal(where: string, expected: string, received: string): VitrineError {
    return new VitrineError("InvalidFile", { path: this.path, where, expected, received });
  }
}

/** In place. */
function littleEndian(bytes: Uint8Array<ArrayBuffer>, size: 1 | 2 | 4 | 8): Uint8Array<ArrayBuffer> {
  const buffer = Buffer.from(bytes.buffer);
  if (size === 2) buffer.swap16();
  if (size === 4) buffer.swap32();
  if (size === 8) buffer.swap64();
  return bytes;
}
