/** The widgets in Notebook 7, which is another application around the same notebook: a cell is run, pictures are labelled by key. */
import { readFile } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { codeCell, LabSession } from "./lab-session.js";

let lab: LabSession;

const SETUP = 'import { AnnotationUI, ClassificationDataset } from "vitrine";';
const SHOW = "new AnnotationUI(dataset);";
const ASK = "dataset.getLabelsForImage(1)";

beforeAll(async () => {
  lab = await LabSession.open(
    "notebook-7",
    "1-classification.ipynb",
    (notebook) => ({
      ...notebook,
      cells: [
        codeCell(
          "setup",
          `${SETUP}\nconst dataset = await ClassificationDataset.createFromDir("tableware", "../sample_data/tableware");`,
        ),
        codeCell("show", SHOW),
        codeCell("ask", ASK),
      ],
    }),
    "notebook",
  );
});

afterAll(() => lab.close());

it("runs a cell, labels a picture by key and by menu, and writes it to disk", async () => {
  expect(await lab.page.evaluate(() => document.body.dataset["notebook"])).toBe("notebooks");
  const first = lab.cell(SETUP);
  await first.locator(".cm-content").click();
  for (let cell = 0; cell < 2; cell++) await lab.page.keyboard.press("Shift+Enter");
  await lab.finished(SHOW);
  const widget = await lab.widget(SHOW);
  const cell = (name: string) => widget.getByRole("gridcell", { name: new RegExp(`^${name}`) });
  await cell("bowl-02").click();
  await lab.page.keyboard.press("2");
  await cell("bowl-02.jpg, cup, changed").waitFor();
  await widget.getByLabel("Label of bowl-03.jpg").selectOption("plate");
  await cell("bowl-03.jpg, plate, changed").waitFor();
  // A key of the notebook's own, "a", adds a cell above; here it is the tool's.
  await cell("bowl-02").click();
  await lab.page.keyboard.press("a");
  await widget.getByRole("checkbox", { name: "Next picture after a label key", checked: true }).waitFor();
  expect(await lab.page.locator(".jp-CodeCell").count()).toBe(3);
  await lab.screenshot("notebook-7");
  await lab.cell(ASK).locator(".cm-content").click();
  await lab.page.keyboard.press("Shift+Enter");
  await lab.finished(ASK);
  expect(await lab.output(ASK)).toContain("[ 'cup' ]");
  const journal = path.join(lab.folder, "sample_data", "tableware", ".vitrine", "labels.jsonl");
  const lines = (await readFile(journal, "utf8")).trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { changes: { after: unknown }[] }).changes[0]?.after)).toEqual([
    ["cup"],
    ["plate"],
  ]);
});
