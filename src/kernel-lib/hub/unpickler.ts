/**
 * Reads a pickle of weights without running anything.
 *
 * A pickle is a program for a stack machine, and Python's own machine can be told to call any function. This one knows the
 * instructions that build plain values, and the few names in torch-globals.ts; every other name ends the reading before
 * anything that follows it is looked at. Instructions: Python's `Lib/pickletools.py`.
 */
import { VitrineError } from "../structures/errors.js";
import {
  AllowedGlobal,
  allowedGlobal,
  type PickleValue,
  type Reject,
  shown,
  type StorageReference,
  storageReference,
} from "./torch-globals.js";

export interface Unpickled {
  value: PickleValue;
  /** Where the pickle ends. */
  end: number;
  /** Every storage that it names. */
  storages: readonly StorageReference[];
}

/**
 * @throws UnsafePickle where it asks for a name that weights never need
 * @throws InvalidFile with the byte where it is broken
 */
export function unpickle(path: string, bytes: Uint8Array, start = 0): Unpickled {
  return new Unpickler(path, bytes, start).run();
}

type Instruction = (machine: Unpickler) => void;

class Unpickler {
  readonly path: string;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private position: number;
  private stack: PickleValue[] = [];
  /** What was on the stack before each open mark. */
  private readonly marked: PickleValue[][] = [];
  private readonly storages: StorageReference[] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(path: string, bytes: Uint8Array, start: number) {
    this.path = path;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.position = start;
  }

  run(): Unpickled {
    for (;;) {
      const code = this.uint8();
      if (code === STOP) return { value: this.pop(), end: this.position, storages: this.storages };
      const instruction = instructions.get(code);
      if (!instruction) this.reject("an instruction that builds weights", `0x${code.toString(16)}`);
      else instruction(this);
    }
  }

  readonly reject: Reject = (expected, received) => {
    const where = `pickle, byte ${this.position}`;
    throw new VitrineError("InvalidFile", { path: this.path, where, expected, received: String(received) });
  };

  // Arguments behind an instruction.

  uint8(): number {
    return this.view.getUint8(this.take(1));
  }
  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }
  int32(): number {
    return this.view.getInt32(this.take(4), true);
  }
  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }
  uint64(): number {
    return Number(this.view.getBigUint64(this.take(8), true));
  }
  /** The only numbers in a pickle with their highest byte first. */
  float64(): number {
    return this.view.getFloat64(this.take(8), false);
  }
  raw(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }
  text(length: number): string {
    return new TextDecoder().decode(this.raw(length));
  }
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) return this.reject("the end of a line", "the end of the file");
    const text = this.text(end - this.position);
    this.position = end + 1;
    return text;
  }
  /** A whole number of any length: little-endian, two's complement. */
  long(length: number): number | bigint {
    const bytes = this.raw(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
    const signed = BigInt.asIntN(8 * length, value);
    return signed >= Number.MIN_SAFE_INTEGER && signed <= Number.MAX_SAFE_INTEGER ? Number(signed) : signed;
  }

  private take(length: number): number {
    const at = this.position;
    if (at + length > this.bytes.length) this.reject(`${length} more bytes`, "the end of the file");
    this.position += length;
    return at;
  }

  // The stack.

  push(value: PickleValue): void {
    this.stack.push(value);
  }
  pop(): PickleValue {
    const value = this.stack.pop();
    return value === undefined ? this.reject("a value on the stack", "an empty stack") : value;
  }
  top(): PickleValue {
    const value = this.stack.at(-1);
    return value === undefined ? this.reject("a value on the stack", "an empty stack") : value;
  }
  popMany(count: number): PickleValue[] {
    if (this.stack.length < count) this.reject(`${count} values on the stack`, this.stack.length);
    return this.stack.splice(this.stack.length - count);
  }
  mark(): void {
    this.marked.push(this.stack);
    this.stack = [];
  }
  popMark(): PickleValue[] {
    const values = this.stack;
    this.stack = this.marked.pop() ?? this.reject("a mark on the stack", "none");
    return values;
  }
  put(index: number): void {
    this.memo.set(index, this.top());
  }
  putNext(): void {
    this.put(this.memo.size);
  }
  get(index: number): void {
    const value = this.memo.get(index);
    this.push(value === undefined ? this.reject(`a value remembered as ${index}`, "none") : value);
  }

  // What is built.

  append(values: readonly PickleValue[]): void {
    const list = this.top();
    if (Array.isArray(list)) for (const value of values) list.push(value);
    else this.reject("a list to append to", shown(list));
  }
  setItems(pairs: readonly PickleValue[]): void {
    const map = this.top();
    if (!(map instanceof Map) || pairs.length % 2) return this.reject("a dict and pairs to put into it", shown(map));
    for (let i = 0; i < pairs.length; i += 2) map.set(pairs[i] ?? null, pairs[i + 1] ?? null);
  }
  global(module: string, name: string): void {
    this.push(allowedGlobal(this.path, module, name));
  }
  stackGlobal(): void {
    const [module, name] = this.popMany(2);
    if (typeof module !== "string" || typeof name !== "string") this.reject("a global's names", shown(module));
    else this.global(module, name);
  }
  reduce(): void {
    const [callable, args] = this.popMany(2);
    if (!(callable instanceof AllowedGlobal)) return this.reject("a function to call", shown(callable));
    if (!Array.isArray(args)) return this.reject("a tuple of arguments", shown(args));
    this.push(callable.call(args, this.reject));
  }
  /** An OrderedDict's attributes (`_metadata`) say nothing about weights. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) this.reject("a dict that has attributes", shown(this.top()));
  }
  persistent(): void {
    const storage = storageReference(this.pop(), this.reject);
    this.storages.push(storage);
    this.push(storage);
  }
  unsafe(what: string): never {
    throw new VitrineError("UnsafePickle", { path: this.path, global: what });
  }
}

const STOP = 0x2e;

/** By the code's character, or its number where it has none. */
const instructions: ReadonlyMap<number, Instruction> = new Map<number, Instruction>(
  (
    [
      [0x80, (m) => m.uint8()], // PROTO
      [0x95, (m) => m.uint64()], // FRAME
      ["(", (m) => m.mark()],
      ["0", (m) => m.pop()],
      ["1", (m) => m.popMark()],
      ["2", (m) => m.push(m.top())],
      ["N", (m) => m.push(null)],
      [0x88, (m) => m.push(true)],
      [0x89, (m) => m.push(false)],
      ["J", (m) => m.push(m.int32())],
      ["K", (m) => m.push(m.uint8())],
      ["M", (m) => m.push(m.uint16())],
      [0x8a, (m) => m.push(m.long(m.uint8()))],
      [0x8b, (m) => m.push(m.long(m.uint32()))],
      ["G", (m) => m.push(m.float64())],
      ["X", (m) => m.push(m.text(m.uint32()))],
      [0x8c, (m) => m.push(m.text(m.uint8()))],
      [0x8d, (m) => m.push(m.text(m.uint64()))],
      // Python 2 wrote its texts so.
      ["T", (m) => m.push(m.text(m.uint32()))],
      ["U", (m) => m.push(m.text(m.uint8()))],
      ["B", (m) => m.push(m.raw(m.uint32()))],
      ["C", (m) => m.push(m.raw(m.uint8()))],
      [")", (m) => m.push([])],
      ["]", (m) => m.push([])],
      ["}", (m) => m.push(new Map())],
      ["t", (m) => m.push(m.popMark())],
      ["l", (m) => m.push(m.popMark())],
      ["d", (m) => dict(m)],
      [0x85, (m) => m.push(m.popMany(1))],
      [0x86, (m) => m.push(m.popMany(2))],
      [0x87, (m) => m.push(m.popMany(3))],
      ["a", (m) => m.append(m.popMany(1))],
      ["e", (m) => m.append(m.popMark())],
      ["s", (m) => m.setItems(m.popMany(2))],
      ["u", (m) => m.setItems(m.popMark())],
      ["q", (m) => m.put(m.uint8())],
      ["r", (m) => m.put(m.uint32())],
      [0x94, (m) => m.putNext()],
      ["h", (m) => m.get(m.uint8())],
      ["j", (m) => m.get(m.uint32())],
      ["c", (m) => m.global(m.line(), m.line())],
      [0x93, (m) => m.stackGlobal()],
      ["R", (m) => m.reduce()],
      ["b", (m) => m.build()],
      ["Q", (m) => m.persistent()],
      // Other ways to name something that is then called.
      ["i", (m) => m.unsafe(`${m.line()}.${m.line()}`)],
      [0x82, (m) => m.unsafe(`extension ${m.uint8()}`)],
      [0x83, (m) => m.unsafe(`extension ${m.uint16()}`)],
      [0x84, (m) => m.unsafe(`extension ${m.uint32()}`)],
    ] as [string | number, Instruction][]
  ).map(([code, run]) => [typeof code === "string" ? code.charCodeAt(0) : code, run]),
);

function dict(machine: Unpickler): void {
  const pairs = machine.popMark();
  machine.push(new Map());
  machine.setItems(pairs);
}
