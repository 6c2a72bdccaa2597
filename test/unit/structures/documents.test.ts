/** Sentences about foreign documents and about the disk: what was expected, what came. */
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import type { z as Zod } from "zod";
import { firstIssue } from "../../../src/kernel-lib/structures/first-issue.js";
import { writeReason } from "../../../src/kernel-lib/structures/write-reason.js";

// zod belongs to the library's workspace, not to the tests'.
const require = createRequire(new URL("../../../src/kernel-lib/package.json", import.meta.url));
const { z } = require("zod") as { z: typeof Zod };

const schema = z.object({
  version: z.literal(1),
  kind: z.enum(["crop", "stretch"]),
  sides: z.tuple([z.number().int().min(32), z.number()]),
  id: z.union([z.number(), z.string()]),
  list: z.array(z.object({ name: z.string().min(1) })).min(1),
});
const good = { version: 1, kind: "crop", sides: [32, 32], id: 1, list: [{ name: "a" }] };

test.each([
  [null, "the whole file", "an object", "null"],
  [{ ...good, version: 2 }, "version", "1", "2"],
  [{ ...good, kind: "squash" }, "kind", '"crop" or "stretch"', '"squash"'],
  [{ ...good, sides: [32, "x"] }, "sides[1]", "a number", '"x"'],
  [{ ...good, sides: [1, 32] }, "sides[0]", "a number of at least 32", "1"],
  [{ ...good, id: null }, "id", "a number or a text", "null"],
  [{ ...good, list: [] }, "list", "a list of at least 1", "[]"],
  [{ ...good, list: [{}] }, "list[0].name", "a text", "nothing"],
])("%j: %s should be %s, and is %s", (document, where, expected, received) => {
  const parsed = schema.safeParse(document);
  expect(parsed.success).toBe(false);
  if (!parsed.success) expect(firstIssue(parsed.error, document)).toEqual({ where, expected, received });
});

test("what the system says of a write is said in words, its code behind them", () => {
  const failed = (code: string) => Object.assign(new Error("write"), { code });
  expect(writeReason(failed("ENOSPC"))).toBe("the disk is full (ENOSPC)");
  expect(writeReason(failed("EROFS"))).toBe("the file system can only be read (EROFS)");
  expect(writeReason(failed("EWHATEVER"))).toBe("EWHATEVER");
  expect(writeReason(new Error("no code"))).toBe("Error: no code");
  expect(writeReason(null)).toBe("null");
});
