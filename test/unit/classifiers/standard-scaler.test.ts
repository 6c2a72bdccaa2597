import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { StandardScaler } from "../../../src/kernel-lib/classifiers/standard-scaler.js";

const fixture = JSON.parse(
  readFileSync(new URL("../../fixtures/classifiers/standard-scaler.json", import.meta.url), "utf8"),
) as {
  oracle: string;
  columns: number;
  features: number[];
  mean: number[];
  scale: number[];
  transformed: number[];
};
const { columns } = fixture;
const features = { rows: fixture.features.length / columns, columns, data: Float32Array.from(fixture.features) };

describe("StandardScaler", () => {
  const scaler = StandardScaler.fit(features);

  it("matches scikit-learn 1.7.2, constant columns included", () => {
    expect(fixture.oracle).toContain("scikit-learn 1.7.2");
    expect(fixture.scale.slice(3)).toEqual([1, 1]);
    fixture.mean.forEach((mean, i) => {
      expect(Math.abs((scaler.mean[i] ?? NaN) - mean)).toBeLessThan(1e-9 * Math.max(1, Math.abs(mean)));
      expect(Math.abs((scaler.scale[i] ?? NaN) / (fixture.scale[i] ?? NaN) - 1)).toBeLessThan(1e-9);
    });
    const transformed = scaler.transform(features).data;
    expect(transformed.length).toBe(fixture.transformed.length);
    // What 32-bit results leave.
    transformed.forEach((value, i) => expect(Math.abs(value - (fixture.transformed[i] ?? NaN))).toBeLessThan(1e-6));
  });

  it("is the same bit for bit after JSON", () => {
    expect(StandardScaler.fromJSON(JSON.parse(JSON.stringify(scaler)))).toEqual(scaler);
  });

  it("refuses NaN, another width, and JSON that is not its own", () => {
    expect(() => StandardScaler.fit({ rows: 1, columns: 1, data: Float32Array.of(NaN) })).toThrow("a finite number");
    expect(() => scaler.transform({ rows: 1, columns: 1, data: Float32Array.of(1) })).toThrow("Expected 5 columns");
    expect(() => StandardScaler.fromJSON({ mean: [1], scale: [0] })).toThrow("scale[0]: expected a number above 0");
    expect(() => StandardScaler.fromJSON("x")).toThrow("mean: expected a list of numbers");
  });
});
