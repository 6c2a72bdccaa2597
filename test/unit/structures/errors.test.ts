import { expect, expectTypeOf, test } from "vitest";

import { isVitrineError, VitrineError, type VitrineErrorDetails } from "../../../src/kernel-lib/structures/errors.js";

const missing: unknown = new VitrineError("MissingFile", {
  path: "cup.jpg",
  what: "a picture",
  reason: "it is not there",
});

/** As one of a second copy of the module is: of another class, with the same name and codes. */
const ofAnotherCopy = (code: string) =>
  Object.assign(new Error("another"), { name: "VitrineError", code, details: {} });

test("codes tell which details there are", () => {
  if (!isVitrineError(missing) || missing.code !== "MissingFile") throw new Error("not told apart");
  expectTypeOf(missing.details).toEqualTypeOf<VitrineErrorDetails["MissingFile"]>();
  expect(missing.details.path).toBe("cup.jpg");
});

test("what instanceof has narrowed is typed, too", () => {
  if (!(missing instanceof VitrineError)) throw new Error("not ours");
  expectTypeOf(missing.code).not.toBeAny();
  if (missing.code !== "MissingFile") throw new Error("not told apart");
  expectTypeOf(missing.details).toEqualTypeOf<VitrineErrorDetails["MissingFile"]>();
});

test("instanceof and isVitrineError agree, across copies of the module", () => {
  expect(ofAnotherCopy("Stopped")).toBeInstanceOf(VitrineError);
  expect(isVitrineError(ofAnotherCopy("Stopped"), "Stopped")).toBe(true);
  for (const other of [ofAnotherCopy("ENOENT"), new Error("x"), { name: "VitrineError", code: "Stopped" }, null]) {
    expect(other instanceof VitrineError).toBe(false);
    expect(isVitrineError(other)).toBe(false);
  }
});
