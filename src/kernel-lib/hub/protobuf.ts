/** Writing protocol buffers: fields one after the other, each with its number and how long it is. */

/** Bytes of a message, in parts, so that weights of hundreds of megabytes aren't copied at every level. */
export class ProtobufWriter {
  readonly parts: Uint8Array[] = [];
  length = 0;

  /** A whole number, negative ones in 64 bits. */
  integer(field: number, value: number | bigint): this {
    return this.push(varint(BigInt(field * 8))).push(varint(BigInt.asUintN(64, BigInt(value))));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.push(varint(BigInt(field * 8 + 5))).push(bytes);
  }

  double(field: number, value: number): this {
    return this.push(varint(BigInt(field * 8 + 1))).push(float64Bytes([value]));
  }

  /** A list of numbers in one piece. */
  doubles(field: number, values: ArrayLike<number>): this {
    return this.bytes(field, float64Bytes(values));
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.push(varint(BigInt(field * 8 + 2)))
      .push(varint(BigInt(value.length)))
      .push(value);
  }

  message(field: number, value: ProtobufWriter): this {
    return this.push(varint(BigInt(field * 8 + 2)))
      .push(varint(BigInt(value.length)))
      .append(value);
  }

  /** The fields of another message, after this one's. */
  append(other: ProtobufWriter): this {
    for (const part of other.parts) this.push(part);
    return this;
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.length);
    let offset = 0;
    for (const part of this.parts) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }

  private push(part: Uint8Array): this {
    this.parts.push(part);
    this.length += part.length;
    return this;
  }
}

function float64Bytes(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i] ?? 0, true);
  return bytes;
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
