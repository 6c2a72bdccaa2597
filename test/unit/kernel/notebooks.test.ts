import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { inRoot } from "../../../scripts/places.mjs";
import { LANGUAGE_INFO } from "../../../src/kernel-lib/kernel/kernel-info.js";

interface NotebookFile {
  metadata: { kernelspec: object; language_info: object };
}

describe("the notebooks that come with the workshop", async () => {
  const folder = inRoot("notebooks");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".ipynb"));

  it("are seen at all", () => {
    expect(names).toContain("1-classification.ipynb");
  });

  // JupyterLab writes down what the kernel says of its language: where that is another word, a notebook is changed by opening it.
  it.each(names)("%s says of its language what the kernel says", async (name) => {
    const { metadata } = JSON.parse(await readFile(path.join(folder, name), "utf8")) as NotebookFile;
    expect(metadata.language_info).toEqual(LANGUAGE_INFO);
  });
});
