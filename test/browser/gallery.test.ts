/** The gallery of augmenters in JupyterLab. The pictures of the screen are kept under `out/screenshots`. */
import { readdir } from "node:fs/promises";
import path from "node:path";

import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { codeCell, LabSession } from "./lab-session.js";

const MANY = `
const many = Array.from({ length: 40 }, () => augmenters.ElasticTransformation({ alpha: 60, sigma: 5 }));
const context = Context.create({ outputsPath: "../copies", persistentPath: "../kept", tempPath: "../temp" });
await augmentDataset(set, many, { context })`.trim();

const ERRORS = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]';

describe("the gallery of augmenters in JupyterLab", () => {
  let lab: LabSession;

  beforeAll(async () => {
    lab = await LabSession.open("gallery", "augmenters.ipynb", (notebook) => ({
      ...notebook,
      cells: [
        ...notebook.cells,
        codeCell("more", 'import { augmentDataset, Context } from "vitrine";'),
        codeCell("many", MANY),
      ],
    }));
  }, 180_000);
  afterAll(async () => {
    await lab.close();
  });

  it("runs from top to bottom", { timeout: 240_000 }, async () => {
    await lab.startAll();
    await lab.finished("for (const module of modules)", 200_000);
    expect(await lab.page.locator(ERRORS).allTextContents()).toEqual([]);
    expect(await lab.output("console.log(`${examples.length}")).toMatch(/196 augmenters in \d+ modules/);
  });

  it("shows how far augmentDataset is, and stops by the button with whole files only", async () => {
    const cell = await lab.show("const many = ");
    const bar = cell.locator("progress");
    await bar.waitFor({ timeout: 60_000 });
    for (const theme of ["Light", "Dark"] as const) {
      await lab.setTheme(`JupyterLab ${theme}`);
      await lab.screenshot(`gallery-progress-${theme.toLowerCase()}`, await lab.show("const many = "));
    }
    await lab.page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
    await lab.finished("const many = ");
    const text = await lab.output("const many = ");
    const [, done = "", all] = /Augmenting: (\d+) of (\d+), stopped after \d+ s/.exec(text) ?? [];
    expect([Number(done) > 0, all]).toEqual([true, "2520"]);
    expect(text).toContain(`${done} copies are in`);
    await lab.screenshot("gallery-progress-stopped", await lab.show("const many = "));
    const folder = path.join(lab.folder, "copies", "augmented");
    const names = await readdir(folder);
    expect(names.filter((name) => !/^[^.].*\.jpg$/.test(name))).toEqual([]);
    expect(names).toHaveLength(Number(done));
    const widths = names.map(async (name) => (await sharp(path.join(folder, name)).stats()).channels.length);
    expect(new Set(await Promise.all(widths))).toEqual(new Set([3]));
  });

  it("looks right in both themes", async () => {
    for (const theme of ["Light", "Dark"] as const) {
      await lab.setTheme(`JupyterLab ${theme}`);
      for (const [name, source] of [
        ["pipeline", "const pipeline = "],
        ["boxes", "const fridge = "],
        ["modules", "for (const module of modules)"],
      ] as const) {
        const cell = await lab.show(source);
        const pictures = cell.locator(".jp-OutputArea img");
        await pictures.first().waitFor();
        expect(await pictures.first().evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(
          100,
        );
        const tall = name === "modules" ? cell.locator(".jp-OutputArea-child").nth(11) : cell;
        await tall.scrollIntoViewIfNeeded();
        await lab.screenshot(`gallery-${name}-${theme.toLowerCase()}`, tall);
      }
    }
  });
});
