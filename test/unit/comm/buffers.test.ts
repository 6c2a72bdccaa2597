import fc from "fast-check";
import { expect, it } from "vitest";

import { joinBuffers, splitBuffers, type StateValue } from "../../../src/kernel-lib/comm/buffers.js";

const bytes = fc.uint8Array({ maxLength: 8 });
const leaf = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  bytes,
);
const key = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "toString", "0"));

/** An object with own keys only, whatever they are called. */
const record = (value: fc.Arbitrary<StateValue>) =>
  fc.array(fc.tuple(key, value), { maxLength: 5 }).map((entries) => {
    const made: { [name: string]: StateValue } = {};
    for (const [name, item] of entries) {
      Object.defineProperty(made, name, { value: item, enumerable: true, writable: true, configurable: true });
    }
    return made;
  });

const { value } = fc.letrec<{ value: StateValue }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value"), { maxLength: 4 }), record(tie("value"))),
}));

const plain = (state: unknown): unknown => {
  if (state instanceof Uint8Array) return `bytes ${[...state].join(" ")}`;
  if (Array.isArray(state)) return state.map(plain);
  if (state === null || typeof state !== "object") return state;
  return Object.entries(state)
    .map(([name, item]) => [name, plain(item)])
    .sort();
};

it("gives back every state with bytes anywhere in it, after JSON, as it was", () => {
  fc.assert(
    fc.property(record(value), (state) => {
      const { json, paths, buffers } = splitBuffers(state);
      const wire = JSON.parse(JSON.stringify({ json, paths })) as { json: typeof json; paths: typeof paths };
      // -0 is the one number that JSON loses.
      expect(plain(joinBuffers(wire.json, wire.paths, buffers))).toEqual(
        plain(JSON.parse(JSON.stringify(state, asBytes), fromBytes)),
      );
    }),
  );
});

const asBytes = (_: string, item: unknown) => (item instanceof Uint8Array ? { isBytes: [...item] } : item);
const fromBytes = (_: string, item: unknown): unknown =>
  item !== null && typeof item === "object" && "isBytes" in item ? Uint8Array.from(item.isBytes as number[]) : item;

it("leaves bytes out of an object and null in an array, as ipywidgets 8 does", () => {
  const { json, paths, buffers } = splitBuffers({ a: Uint8Array.of(1), list: [0, Uint8Array.of(2)], kept: "text" });
  expect(json).toEqual({ list: [0, null], kept: "text" });
  expect(paths).toEqual([["a"], ["list", 1]]);
  expect(buffers).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
});

it("takes the bytes of any view, and only its own part of a buffer", () => {
  const floats = Float32Array.of(1, 2, 3).subarray(1, 2);
  expect(splitBuffers({ floats }).buffers).toEqual([new Uint8Array(Float32Array.of(2).buffer)]);
});

it("ignores a path that leads nowhere or to a prototype", () => {
  const joined = joinBuffers(
    { a: 1 },
    [["b", "c"], ["__proto__", "polluted"], []],
    [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)],
  );
  expect(joined).toEqual({ a: 1 });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
