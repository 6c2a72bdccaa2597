/**
 * The two events that vitrine writes, as protocol buffers: TensorBoard's `event.proto` and `summary.proto`, by hand, because it
 * is seven fields.
 */

/** The first event of every file. */
export function versionEvent(wallTime: number): Uint8Array {
  // Event: wall_time = 1, file_version = 3, source_metadata = 10; SourceMetadata: writer = 1.
  const metadata = text(1, "vitrine");
  return concat([double(1, wallTime), text(3, "brain.Event:2"), message(10, metadata)]);
}

/** One number of one curve. `wallTime` in seconds since 1970; `step` a whole number. */
export function scalarEvent(tag: string, value: number, step: number, wallTime: number): Uint8Array {
  // Summary: value = 1; Summary.Value: tag = 1, simple_value = 2. Event: wall_time = 1, step = 2, summary = 5.
  const summary = message(1, concat([text(1, tag), float(2, value)]));
  return concat([double(1, wallTime), varintField(2, step), message(5, summary)]);
}

// A field that is 0 is left out, as protocol buffers' own libraries do. Wire types: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.

const key = (field: number, wire: number) => varint(field * 8 + wire);

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  // Not by shifting: steps may be over 32 bits.
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.of(...bytes, rest);
}

const nothing = new Uint8Array();
const varintField = (field: number, value: number) => (value === 0 ? nothing : concat([key(field, 0), varint(value)]));

function double(field: number, value: number): Uint8Array {
  if (value === 0) return nothing;
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concat([key(field, 1), bytes]);
}

/** One of several that a value may be: there even where it is 0. */
function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([key(field, 5), bytes]);
}

const message = (field: number, bytes: Uint8Array) => concat([key(field, 2), varint(bytes.length), bytes]);
const text = (field: number, value: string) => message(field, new TextEncoder().encode(value));

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
