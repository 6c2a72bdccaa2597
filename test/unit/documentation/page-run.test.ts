import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { pageBlocks } from "./code-blocks.js";
import { enterSampleFolder, givenValues, runBlock } from "./page-run.js";

/** By page, or page and line of code. */
const ELSEWHERE: readonly { file: string; code?: string; why: string }[] = [
  {
    file: "docs/data.md",
    code: "createFromJson",
    why: "searches the internet; create-from-json.test.ts has a provider here",
  },
  { file: "docs/detection.md", why: "trains for minutes; notebook 2 does it" },
  { file: "docs/serving.md", why: "starts services; notebook 1 does it" },
  { file: "docs/registry.md", why: "starts services; notebook 3 does it" },
  { file: "docs/kubernetes.md", why: "wants a cluster; test/serving/kubernetes has one" },
];

const blocks = pageBlocks();
const elsewhere = (file: string, code: string) =>
  ELSEWHERE.find((entry) => entry.file === file && code.includes(entry.code ?? ""));

describe("code of README.md and docs/ runs as it stands", () => {
  let leave: () => Promise<void>;
  let values: Awaited<ReturnType<typeof givenValues>>;
  beforeAll(async () => {
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    vi.spyOn(console, "log").mockReturnValue(undefined);
    leave = await enterSampleFolder();
    values = await givenValues();
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await leave();
  });

  for (const block of blocks.filter(({ file, code }) => !elsewhere(file, code))) {
    test(`${block.file}:${block.line}`, { timeout: 240_000 }, async () => {
      await expect(runBlock(block, values)).resolves.toBeUndefined();
    });
  }
});

test("code that fails, does", async () => {
  const block = {
    file: "docs/page.md",
    line: 1,
    code: "const much: number = 3;\nthrow new Error(`${much} ${given}`);",
  };
  await expect(runBlock(block, { plain: { given: "cups" }, toDetectors: {} })).rejects.toThrow("3 cups");
});

test("what is not run here still stands in the documentation", () => {
  const idle = ELSEWHERE.filter((entry) => !blocks.some(({ file, code }) => elsewhere(file, code) === entry));
  expect(idle).toEqual([]);
  expect(blocks.filter(({ file, code }) => !elsewhere(file, code)).length).toBeGreaterThan(15);
});
