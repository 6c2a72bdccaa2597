/** Reading protocol buffers without knowing the message: its fields, one after the other. Nothing of it is believed. */

export interface ProtobufField {
  field: number;
  /** A whole number, up to 64 bits, as it stands; or the bytes of a text, a message or a packed list. */
  value: bigint | Uint8Array;
}

/** Says what is wrong with the bytes. */
export type RejectBytes = (expected: string, received: string) => never;

/** Whole numbers of seven bits a byte, the lowest first; and runs of bytes. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly reject: RejectBytes;
  private at = 0;

  constructor(bytes: Uint8Array, reject: RejectBytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.reject = reject;
  }

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.at++] ?? this.reject("a number", "the end");
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    return this.reject("a number of 64 bits", "a longer one");
  }

  /** A length or a place: whatever is beyond 2⁵³ is no such thing. */
  count(): number {
    const value = this.varint();
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : this.reject("a length", String(value));
  }

  take(length: number): Uint8Array {
    const from = this.at;
    if (length > this.bytes.length - from) this.reject(`${length} more bytes`, `${this.bytes.length - from}`);
    this.at += length;
    return this.bytes.subarray(from, from + length);
  }

  fixed32(): number {
    const from = this.at;
    this.take(4);
    return this.view.getUint32(from, true);
  }

  fixed64(): bigint {
    const from = this.at;
    this.take(8);
    return this.view.getBigUint64(from, true);
  }
}

/** All fields of a message, in the order of the bytes. */
export function protobufFields(bytes: Uint8Array, reject: RejectBytes): ProtobufField[] {
  const reader = new ByteReader(bytes, reject);
  const fields: ProtobufField[] = [];
  while (!reader.ended) {
    const key = reader.count();
    fields.push({ field: Math.floor(key / 8), value: fieldValue(key % 8, reader, reject) });
  }
  return fields;
}

function fieldValue(wire: number, reader: ByteReader, reject: RejectBytes): bigint | Uint8Array {
  if (wire === 0) return reader.varint();
  if (wire === 1) return reader.fixed64();
  if (wire === 2) return reader.take(reader.count());
  if (wire === 5) return BigInt(reader.fixed32());
  return reject("a field of a known kind", `kind ${wire}`);
}

/** The fields of that number that are bytes. */
export const messagesOf = (fields: readonly ProtobufField[], number: number): Uint8Array[] =>
  fields.flatMap(({ field, value }) => (field === number && typeof value !== "bigint" ? [value] : []));

/** The last whole number of that field, as protocol buffers have it; 0 where there is none. */
export const integerOf = (fields: readonly ProtobufField[], number: number): bigint =>
  fields.reduce((last, { field, value }) => (field === number && typeof value === "bigint" ? value : last), 0n);
