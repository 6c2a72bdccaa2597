import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { canonicalNames, schemeOf } from "../../../src/kernel-lib/hub/weight-names.js";
import { fixturePath } from "./fixture.js";

type Shapes = Record<string, string>;
const { oracle, ...networks } = JSON.parse(readFileSync(fixturePath("names.json"), "utf8")) as {
  oracle: string;
  resnet18: Record<string, Shapes>;
  resnet50: Record<string, Shapes>;
};

const sorted = (map: Iterable<[string, string]>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe.each(Object.entries(networks))("names of %s become torchvision 0.24.1's", (_, schemes) => {
  const torchvision = schemes["torchvision"] ?? {};

  it.each(Object.keys(schemes))("from %s", (scheme) => {
    expect(oracle).toBe("torchvision 0.24.1+cu128, timm 1.0.31, transformers 4.57.1");
    const given = new Map(Object.entries(schemes[scheme] ?? {}));
    const expected = Object.entries(torchvision).filter(
      ([name]) => !scheme.includes("without head") || !name.startsWith("fc."),
    );
    expect(expected.length).toBeGreaterThan(100);
    // Names and shapes: no two layers were mixed up that differ in size.
    expect(sorted(canonicalNames(given))).toEqual(sorted(expected));
    expect(schemeOf(given.keys())).toBe(scheme.startsWith("huggingface") ? "huggingface" : "torchvision");
  });

  it("and keep the order of the layers, which tells apart those of one size", () => {
    // Hugging Face lists a block's shortcut first, torchvision last: all else is in one order.
    const without = (names: Iterable<string>) => [...names].filter((name) => !name.includes("downsample"));
    const given = new Map(Object.entries(schemes["huggingface"] ?? {}));
    expect(without(canonicalNames(given).keys())).toEqual(without(Object.keys(torchvision)));
  });
});

describe("names of torchvision 0.24.1's AlexNet", () => {
  const layers = [0, 3, 6, 8, 10].map((n) => `features.${n}`).concat([1, 4, 6].map((n) => `classifier.${n}`));
  const names = layers.flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]);

  it.each(["", "module."])("stay, also behind %j", (prefix) => {
    const given = new Map(names.map((name) => [prefix + name, name]));
    expect(schemeOf(given.keys())).toBe("torchvision");
    expect([...canonicalNames(given).keys()]).toEqual(names);
  });
});

describe("names of other networks", () => {
  it("stay as they are", () => {
    const names = new Map([
      ["model.features.0.weight", 1],
      ["classifier.1.weight", 2],
      ["__proto__", 3],
    ]);
    expect(schemeOf(names.keys())).toBeUndefined();
    expect(canonicalNames(names)).toEqual(names);
  });
});
