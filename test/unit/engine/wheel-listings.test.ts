/**
 * What the set-up takes out of TensorFlow's wheels, held against what lies in them: the lists at the wheels' ends, as recorded by
 * test/fixtures/engine/make-wheel-listings.py. A machine without a graphics card never unpacks the wheel for one.
 */
import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { TENSORFLOW, WANTED } from "../../../scripts/steps/engine/wheels.mjs";

interface Listing {
  requirement: string;
  sha256: string;
  names: string[];
}

const listings = JSON.parse(
  readFileSync(new URL("../../fixtures/engine/wheel-listings.json", import.meta.url), "utf8"),
) as Record<string, Listing>;

/** As Python's `re.match`: at the name's beginning. */
const wanted = new RegExp(`^(?:${WANTED.tensorflow})`);
const taken = (variant: string): string[] => listings[variant]?.names.filter((name) => wanted.test(name)) ?? [];
const headers = (variant: string): string[] => taken(variant).filter((name) => name.endsWith(".h"));

describe("TensorFlow's wheels", () => {
  it("are pinned for the same platforms whose lists were recorded", () => {
    expect(Object.keys(TENSORFLOW).sort()).toEqual(Object.keys(listings).sort());
  });

  describe.each(Object.keys(listings))("%s", (variant) => {
    it("is the file whose list was recorded", () => {
      expect(TENSORFLOW[variant]?.requirement).toBe(listings[variant]?.requirement);
      expect(TENSORFLOW[variant]?.hashes).toEqual([listings[variant]?.sha256]);
    });

    it("gives its two libraries and nothing else that is loaded", () => {
      expect(taken(variant).filter((name) => name.includes(".so"))).toEqual([
        "tensorflow/libtensorflow_cc.so.2",
        "tensorflow/libtensorflow_framework.so.2",
      ]);
      expect(taken(variant).filter((name) => !/\.h$|\.so\.2$|THIRD_PARTY_NOTICES/.test(name))).toEqual([]);
    });

    it("gives the C headers that the binding is compiled with, the same as the wheel that is compiled in every test run", () => {
      expect(headers(variant)).toContain("tensorflow/include/tensorflow/c/c_api.h");
      expect(headers(variant)).toContain("tensorflow/include/tensorflow/c/eager/c_api.h");
      const inC = (name: string): boolean => name.startsWith("tensorflow/include/tensorflow/c/");
      expect(headers(variant).filter(inC)).toEqual(headers("cpu-linux-x64").filter(inC));
    });
  });
});
