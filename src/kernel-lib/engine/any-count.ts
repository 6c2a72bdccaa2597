/** A graph that was watched with one number of pictures, and takes any. */
import type { RecordedConstant, RecordedOperation } from "./recording.js";

/** By the operation, which of its inputs says how long the axes of what comes out are: -1 stands for what there is. */
const SIZES: Readonly<Record<string, number>> = { Reshape: 1, Slice: 2 };

/**
 * The constants, with -1 where one says how many pictures there were.
 * @param count how many they were
 * @param shapes of what the function was given
 */
export function forAnyCount(
  operations: readonly RecordedOperation[],
  constants: ReadonlyMap<number, RecordedConstant>,
  count: number,
  shapes: ReadonlyMap<number, readonly number[]>,
): Map<number, RecordedConstant> {
  const made = operations.flatMap(({ outputs, shapes: own }) => outputs.map((id, i) => [id, own[i] ?? []] as const));
  const all = new Map([...shapes, ...made]);
  const result = new Map(constants);
  for (const { name, inputs, outputs } of operations) {
    const size = inputs[SIZES[name] ?? -1] ?? -1;
    const constant = constants.get(size);
    const whole = [inputs[0], outputs[0]].every((id) => all.get(id ?? -1)?.[0] === count);
    if (constant && whole) result.set(size, { ...constant, bytes: withoutFirst(constant.bytes) });
  }
  return result;
}

/** 32-bit whole numbers, the first of them -1. */
function withoutFirst(bytes: Uint8Array): Uint8Array {
  const numbers = new Int32Array(bytes.slice().buffer);
  numbers[0] = -1;
  return new Uint8Array(numbers.buffer);
}
