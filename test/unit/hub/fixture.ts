/** Weights files made by torch and safetensors, and what those say is in them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Tensor } from "../../../src/kernel-lib/hub/tensor.js";

export interface Described {
  dtype: string;
  shape: number[];
  /** Numbers as text: exact, NaN and infinities included. */
  values: string[];
}

export const fixturePath = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/hub/${name}`, import.meta.url));

export const { oracle, files } = JSON.parse(readFileSync(fixturePath("tensors.json"), "utf8")) as {
  oracle: string;
  files: Record<string, Record<string, Described>>;
};

const python: Record<string, number> = { inf: Infinity, "-inf": -Infinity, nan: NaN };

/** Every tensor, every number, bit for bit (any NaN being like any other). */
export function expectTensors(found: ReadonlyMap<string, Tensor>, expected: Record<string, Described>): void {
  expect([...found.keys()].sort()).toEqual(Object.keys(expected).sort());
  for (const [name, tensor] of found) {
    const { dtype, shape, values } = expected[name] ?? { dtype: "", shape: [], values: [] };
    expect([name, tensor.dtype, tensor.shape]).toEqual([name, dtype, shape]);
    const numbers = Array.from<number | bigint>(tensor.data as ArrayLike<number>);
    const theirs = values.map((text) =>
      tensor.dtype.endsWith("64") && dtype !== "F64" ? BigInt(text) : (python[text] ?? Number(text)),
    );
    // toEqual tells -0 from 0 and takes NaN for NaN.
    expect([name, numbers]).toEqual([name, theirs]);
  }
}
