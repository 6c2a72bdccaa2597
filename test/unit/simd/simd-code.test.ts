/** The committed WebAssembly against its source, and where there is none. */
import { readFile } from "node:fs/promises";

import { expect, test, vi } from "vitest";

import { linearAlgebraCode } from "../../../src/kernel-lib/simd/linear-algebra-code.js";
import { SimdCode } from "../../../src/kernel-lib/simd/simd-code.js";
import { compileSimd, simdSources, simdTarget } from "../../../scripts/simd-compiler.mjs";

const sources = await simdSources();

test("there is something to compare", () => {
  expect(sources).toContain("linear-algebra");
});

test.each(sources)("the committed code of %s is what its source compiles to", async (name) => {
  const committed = await readFile(simdTarget(name), "utf8");
  expect(await compileSimd(name)).toBe(committed);
});

test("each instance has a memory of its own, all zero and as large as asked", () => {
  const code = new SimdCode<{ addScaled(w: number, factor: number, x: number, length: number): void }>(
    linearAlgebraCode,
  );
  const [first, second] = [code.instantiate(100_000), code.instantiate(1)];
  expect(first?.memory.buffer.byteLength).toBe(131_072);
  expect(second?.memory.buffer.byteLength).toBe(65_536);
  new Float32Array(first?.memory.buffer ?? new ArrayBuffer(), 64, 1).fill(3);
  first?.loops.addScaled(0, 2, 64, 1);
  expect(new Float64Array(first?.memory.buffer ?? new ArrayBuffer(), 0, 1)[0]).toBe(6);
  expect(new Uint8Array(second?.memory.buffer ?? new ArrayBuffer()).every((byte) => byte === 0)).toBe(true);
});

test("nothing where the machine's WebAssembly refuses the code, where there is none, and where memory ends", () => {
  // A module of eight bytes is valid; with a ninth it is none.
  expect(new SimdCode(btoa("\0asm\x01\0\0\0\xff")).instantiate(1)).toBeUndefined();
  expect(new SimdCode(linearAlgebraCode).instantiate(2 ** 33)).toBeUndefined();
  vi.stubGlobal("WebAssembly", undefined);
  expect(new SimdCode(linearAlgebraCode).instantiate(1)).toBeUndefined();
  vi.unstubAllGlobals();
});
