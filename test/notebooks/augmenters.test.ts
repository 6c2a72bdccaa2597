/** The gallery notebook, as `npm run notebooks` runs it. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { expect, it } from "vitest";

import { inRoot, out, root } from "../../scripts/places.mjs";

interface Output {
  output_type: string;
  text?: string | string[];
  data?: Record<string, string | string[]>;
}

it("shows originals beside copies, and every augmenter of the library on one picture", async () => {
  await promisify(execFile)(process.execPath, [inRoot("scripts", "notebooks.mjs"), "augmenters"], { cwd: root });
  const file = await readFile(path.join(out, "notebooks", "augmenters.ipynb"), "utf8");
  const { cells } = JSON.parse(file) as { cells: { outputs?: Output[] }[] };
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const pictures = outputs.map(({ data }) => [data?.["text/html"] ?? ""].flat().join("").match(/<img/g)?.length ?? 0);
  // Three rows of five, two of four, then each module's own beside the original.
  expect(pictures.slice(0, 2)).toEqual([15, 8]);
  const text = outputs.flatMap((output) => [output.text ?? ""].flat()).join("");
  const [, count = "0", modules = "0"] = /(\d+) augmenters in (\d+) modules/.exec(text) ?? [];
  expect(Number(count)).toBeGreaterThan(190);
  expect(pictures.slice(2).reduce((a, b) => a + b, 0)).toBe(Number(count) + Number(modules));
  expect(pictures.filter((each) => each > 0)).toHaveLength(2 + Number(modules));
});
