/** `tf.train.Example` as a protocol buffer (tensorflow/core/example/example.proto and feature.proto). */
import type { ExampleFeature, TfExample } from "../structures/tf-example.js";
import { ProtobufWriter } from "./protobuf.js";
import { ByteReader, messagesOf, protobufFields, type ProtobufField, type RejectBytes } from "./protobuf-reader.js";

const [BYTES, FLOATS, INTEGERS] = [1, 2, 3];

export function writeExample(example: TfExample): Uint8Array {
  const features = new ProtobufWriter();
  // By name: the same example is the same bytes.
  for (const [name, feature] of Object.entries(example).sort(([a], [b]) => (a < b ? -1 : 1))) {
    features.message(1, new ProtobufWriter().text(1, name).message(2, featureMessage(feature)));
  }
  return new ProtobufWriter().message(1, features).finish();
}

function featureMessage(feature: ExampleFeature): ProtobufWriter {
  const list = new ProtobufWriter();
  const message = new ProtobufWriter();
  if (feature instanceof Float32Array)
    return message.message(FLOATS, feature.length > 0 ? list.bytes(1, packed(feature)) : list);
  if (feature instanceof BigInt64Array)
    return message.message(INTEGERS, feature.length > 0 ? list.bytes(1, varints(feature)) : list);
  for (const value of feature) list.bytes(1, value);
  return message.message(BYTES, list);
}

/** Little-endian, whatever the machine is. */
function packed(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => view.setFloat32(index * 4, value, true));
  return new Uint8Array(view.buffer);
}

function varints(values: BigInt64Array): Uint8Array {
  const bytes: number[] = [];
  for (const value of values) {
    let rest = BigInt.asUintN(64, value);
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest));
  }
  return Uint8Array.from(bytes);
}

export function readExample(bytes: Uint8Array, reject: RejectBytes): TfExample {
  const entries: [string, ExampleFeature][] = [];
  for (const features of messagesOf(protobufFields(bytes, reject), 1)) {
    for (const entry of messagesOf(protobufFields(features, reject), 1)) {
      const fields = protobufFields(entry, reject);
      const name = Buffer.from(messagesOf(fields, 1).at(-1) ?? []).toString("utf8");
      entries.push([name, readFeature(messagesOf(fields, 2).at(-1) ?? new Uint8Array(), reject)]);
    }
  }
  return Object.fromEntries(entries);
}

function readFeature(bytes: Uint8Array, reject: RejectBytes): ExampleFeature {
  const kind = protobufFields(bytes, reject).at(-1);
  if (!kind || typeof kind.value === "bigint") return [];
  const values = protobufFields(kind.value, reject).filter(({ field }) => field === 1);
  if (kind.field === FLOATS) return Float32Array.from(values.flatMap((value) => floats(value, reject)));
  if (kind.field === INTEGERS) return BigInt64Array.from(values.flatMap((value) => integers(value, reject)));
  return kind.field === BYTES ? values.flatMap(({ value }) => (typeof value === "bigint" ? [] : [value])) : [];
}

/** In one piece, as everybody writes them, or one by one, which is allowed too. */
function floats({ value }: ProtobufField, reject: RejectBytes): number[] {
  if (typeof value === "bigint") return [new Float32Array(Uint32Array.of(Number(value)).buffer)[0] ?? 0];
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  if (value.length % 4 !== 0) reject("floats of 4 bytes", `${value.length} bytes`);
  return Array.from({ length: value.length / 4 }, (_, index) => view.getFloat32(index * 4, true));
}

function integers({ value }: ProtobufField, reject: RejectBytes): bigint[] {
  if (typeof value === "bigint") return [BigInt.asIntN(64, value)];
  const reader = new ByteReader(value, reject);
  const found: bigint[] = [];
  while (!reader.ended) found.push(BigInt.asIntN(64, reader.varint()));
  return found;
}
