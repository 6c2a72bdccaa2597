import { expect, test } from "vitest";

import { ByteCache } from "../../../src/kernel-lib/ui/byte-cache.js";

const value = (bytes: number) => ({ bytes: new Uint8Array(bytes) });

test("the least recently used go first, and the bytes stay under the limit", () => {
  const cache = new ByteCache(100);
  cache.set("a", value(40));
  cache.set("b", value(40));
  cache.get("a");
  cache.set("c", value(40));
  expect(cache.get("b")).toBeUndefined();
  expect(cache.get("a")?.bytes.length).toBe(40);
  expect(cache.get("c")?.bytes.length).toBe(40);
  expect(cache.bytes).toBe(80);
});

test("a key's new value takes the old one's place, and one that is too large is not kept", () => {
  const cache = new ByteCache(100);
  cache.set("a", value(90));
  cache.set("a", value(10));
  expect(cache.bytes).toBe(10);
  cache.set("big", value(101));
  expect(cache.get("big")).toBeUndefined();
  expect(cache.get("a")?.bytes.length).toBe(10);
});
