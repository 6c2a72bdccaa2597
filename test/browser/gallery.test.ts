/** The gallery of augmenters in JupyterLab. The pictures of the screen are kept under `out/screenshots`. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { codeCell, LabSession } from "./lab-session.js";

const BOXES = `
const fridge = await ObjectDetectionDataset.createFromDir("fridge", "../sample_data/fridge/train");
const turned = augmenters.Sequential([augmenters.Fliplr(0.5), augmenters.Affine({ rotate: [-20, 20] })], { seed: 3 });
showAugmented(fridge, turned, { rows: 2, columns: 4, side: 160 })`.trim();

const ERRORS = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]';

describe("the gallery of augmenters in JupyterLab", () => {
  let lab: LabSession;

  beforeAll(async () => {
    lab = await LabSession.open("gallery", "augmenters.ipynb", (notebook) => ({
      ...notebook,
      cells: [
        ...notebook.cells,
        codeCell("import", 'import { ObjectDetectionDataset } from "vitrine";'),
        codeCell("boxes", BOXES),
      ],
    }));
  }, 180_000);
  afterAll(async () => {
    await lab.close();
  });

  it("runs from top to bottom", { timeout: 240_000 }, async () => {
    await lab.startAll();
    await lab.finished("const fridge = ", 200_000);
    expect(await lab.page.locator(ERRORS).allTextContents()).toEqual([]);
    expect(await lab.output("console.log(`${examples.length}")).toMatch(/196 augmenters in \d+ modules/);
  });

  it("looks right in both themes", { timeout: 120_000 }, async () => {
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
