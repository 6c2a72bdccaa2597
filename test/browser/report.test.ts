/** A report in a real Chromium: one file, opened from the disk, with the network watched. */
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import axe from "axe-core";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ensureChromium } from "../../scripts/chromium-finder.mjs";
import { ClassificationDataset } from "../../src/kernel-lib/data/classification-dataset.js";
import { ClassificationEvaluation } from "../../src/kernel-lib/metrics/classification-evaluation.js";
import { DetectionEvaluation } from "../../src/kernel-lib/metrics/detection-evaluation.js";
import "../../src/kernel-lib/ui/report.js";
import { tablewareCopy } from "./tableware-copy.js";

let browser: Browser;
let folder: string;
const screenshots = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../out/screenshots");

beforeAll(async () => {
  const executablePath = await ensureChromium(() => undefined);
  browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  folder = await mkdtemp(path.join(tmpdir(), "vitrine-report-"));
  await mkdir(screenshots, { recursive: true });
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

async function open(file: string, colorScheme: "light" | "dark") {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, colorScheme });
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith("data:")) asked.push(request.url());
  });
  await page.goto(pathToFileURL(file).href);
  await page.screenshot({
    path: path.join(screenshots, `${path.basename(file, ".html")}-${colorScheme}.png`),
    fullPage: true,
  });
  const empty = await page
    .locator("img")
    .evaluateAll((all) => all.filter((img) => (img as HTMLImageElement).naturalWidth === 0).length);
  expect(empty, "pictures that show nothing").toBe(0);
  expect(complaints).toEqual([]);
  expect(asked, "what the page asked for").toEqual([pathToFileURL(file).href]);
  return page;
}

/** Every sixth picture is taken for the next label. */
function evaluationOf(dataset: ClassificationDataset): Promise<ClassificationEvaluation> {
  const { labels } = dataset;
  const score = () => {
    const data = new Float32Array(dataset.size() * labels.length).fill(0.1);
    dataset.images.forEach((image, i) => {
      const truth = labels.indexOf(image.labels[0] ?? "");
      data[i * labels.length + ((truth + (i % 6 === 5 ? 1 : 0)) % labels.length)] = 1 - 0.1 * (labels.length - 1);
    });
    return Promise.resolve({ rows: dataset.size(), columns: labels.length, data });
  };
  return ClassificationEvaluation.run({ labels, score }, dataset);
}

describe("a report", () => {
  it.each(["light", "dark"] as const)(
    "of a classifier shows its plots and its worst pictures on a %s page",
    async (theme) => {
      const dataset = await ClassificationDataset.createFromDir("tableware", await tablewareCopy());
      const evaluation = await evaluationOf(dataset);
      const file = path.join(folder, `report-classifier.html`);
      await evaluation.report(file, { title: "Cups & <bowls>", worst: 8 });
      const page = await open(file, theme);
      expect(await page.title()).toBe("Cups & <bowls>");
      const accuracy = page.getByRole("row", { name: "Accuracy overall" }).getByRole("cell").first();
      expect(await accuracy.innerText()).toBe(evaluation.accuracy({ average: "overall" }).toFixed(3));
      for (const name of [
        /Confusion matrix/,
        /^Precision and recall:/,
        /^ROC curve/,
        /by class/,
        /Scores of/,
        /Calibration/,
      ]) {
        await page.getByRole("img", { name }).first().waitFor();
      }
      expect(await page.locator("section", { hasText: "Worst pictures" }).getByRole("figure").count()).toBe(8);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe(theme === "dark" ? "rgb(21, 24, 28)" : "rgb(255, 255, 255)");
      expect(
        await page
          .locator("picture img")
          .first()
          .evaluate((img) => (img as HTMLImageElement).currentSrc),
      ).toMatch(/^data:image\/svg/);
      await page.close();
    },
  );

  it("has names, roles and contrast", async () => {
    const page = await browser.newPage();
    await page.setContent(
      (await readFile(path.join(folder, "report-classifier.html"), "utf8")).replace(/<meta http-equiv[^>]*>/, ""),
    );
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
    });
    expect(found).toEqual([]);
    await page.close();
  });

  it("of a detector draws the boxes of the pictures with most mistakes", async () => {
    const dataset = await ClassificationDataset.createFromDir("tableware", await tablewareCopy());
    const boxes = (i: number) => Float32Array.of(20 + i, 30, 120 + i, 140);
    const shown = dataset.images.slice(0, 4);
    const evaluation = DetectionEvaluation.fromDetections({
      labels: ["cup", "bowl"],
      truth: shown.map(() => ({ boxes: [20, 30, 120, 140, 130, 20, 200, 90], classes: [0, 1] })),
      detections: shown.map((_, i) => ({
        boxes: boxes(10 * i),
        scores: Float32Array.of(0.9),
        classes: Int32Array.of(0),
      })),
      pictures: shown,
    });
    const file = path.join(folder, "report-detector.html");
    await evaluation.report(file);
    const page = await open(file, "light");
    const figures = page.locator("section", { hasText: "Worst pictures" }).getByRole("figure");
    expect(await figures.count()).toBe(4);
    expect(await figures.first().locator("rect").count()).toBeGreaterThanOrEqual(2);
    await page.getByRole("img", { name: /Errors by kind/ }).waitFor();
    expect(
      await page
        .getByRole("row", { name: /^missed/ })
        .first()
        .innerText(),
    ).toMatch(/^missed/);
    await page.close();
  });

  it("says so where it cannot be written", async () => {
    const dataset = await ClassificationDataset.createFromDir("tableware", await tablewareCopy());
    const evaluation = await evaluationOf(dataset);
    await expect(evaluation.report(path.join(folder, "report-classifier.html", "below.html"))).rejects.toThrow(
      /a report could not be written/,
    );
    await expect(evaluation.report(path.join(folder, "x.html"), { wrost: 3 } as object)).rejects.toThrow(
      /report's options/,
    );
  });
});
