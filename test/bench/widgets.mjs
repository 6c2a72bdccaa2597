/**
 * The annotation tool with 100,000 pictures, in a real Chromium: how long until the first pictures are seen, how many cells the page
 * holds, and the frames that a scroll through the wall drops, by Chromium's own trace. The files are the sample pictures, each named
 * many times; thumbnails are made while it scrolls. There is no peer: the marks are two seconds, 200 cells and no dropped frame.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { ensureChromium } from "../../scripts/chromium-finder.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const load = createRequire(import.meta.url);
/** @param {string} module of the built library */
const built = (module) => load(path.join(root, "src/kernel-lib/dist", module));

const PICTURES = 100_000;
const SCROLL_SECONDS = 5;

/** @returns {Promise<object[]>} rows of the topic "widgets" */
export async function bench() {
  const temp = await mkdtemp(path.join(tmpdir(), "vitrine-bench-"));
  const { Context } = built("structures/context.js");
  Context.create({ tempPath: temp, outputsPath: temp, persistentPath: temp });
  const { PagePort } = built("cli/page-port.js");
  const { servePage } = built("cli/page-server.js");
  const { installKernelPort, JUPYTER_DISPLAY } = built("comm/port.js");
  const { AnnotationUI } = built("ui/annotation-ui.js");
  const dataset = await manyPictures();
  const pages = new PagePort();
  installKernelPort(pages);
  const browser = await chromium.launch({
    executablePath: await ensureChromium(() => undefined),
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const begun = performance.now();
  const widget = new AnnotationUI(dataset, { gridSize: [4, 3] });
  await widget[JUPYTER_DISPLAY]();
  const server = await servePage(pages, { port: 0, folder: path.join(root, "src/widgets/dist/page") });
  try {
    await page.goto(server.url);
    await page.waitForFunction(() => document.querySelectorAll(".vt-cell img").length === 12);
    const opened = (performance.now() - begun) / 1000;
    await page.getByLabel("View").selectOption("wall");
    await page.waitForFunction(() => document.querySelectorAll(".vt-wall img").length > 20);
    const scroll = await scrollWall(browser, page);
    return [
      row("100,000 pictures, from new AnnotationUI to the first page seen", opened, "s"),
      row("100,000 pictures, most cells on the page while the wall scrolls", scroll.cells, "cells"),
      row(`scrolling the wall for ${SCROLL_SECONDS} s: frames dropped`, scroll.dropped, "frames"),
      row(`scrolling the wall for ${SCROLL_SECONDS} s: frames shown`, scroll.shown, "frames"),
    ];
  } finally {
    widget.close();
    await server.close();
    await browser.close();
    installKernelPort(undefined);
    await rm(temp, { recursive: true, force: true });
  }
}

/** @param {string} name @param {number} ours @param {string} unit */
const row = (name, ours, unit) => ({ topic: "widgets", name, ours, peer: null, peerName: "", unit, ratio: null });

async function manyPictures() {
  const { ClassificationDataset, extendDataset } = built("data/classification-dataset.js");
  const sample = await ClassificationDataset.createFromDir("sample", path.join(root, "sample_data/tableware"));
  const { images } = sample;
  const added = Array.from({ length: PICTURES - images.length }, (_, i) => {
    const { name, storageId, storagePath, width, height, labels } = images[i % images.length];
    return { facts: { name: `${i}-${name}`, storageId: `${storageId}${i}`, storagePath, width, height }, labels };
  });
  return extendDataset(sample, "many pictures", added);
}

/** @param {import("playwright-core").Browser} browser @param {import("playwright-core").Page} page */
async function scrollWall(browser, page) {
  await browser.startTracing(page, { categories: ["cc", "benchmark", "disabled-by-default-cc.debug"] });
  const cells = await page.evaluate(async (seconds) => {
    const wall = document.querySelector(".vt-wall");
    if (!wall) throw new Error("there is no wall");
    const end = performance.now() + seconds * 1000;
    let most = 0;
    while (performance.now() < end) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      // A line of pictures in about seven frames: as fast as one can still look.
      wall.scrollTop += 24;
      most = Math.max(most, wall.querySelectorAll('[role="gridcell"]').length);
    }
    return most;
  }, SCROLL_SECONDS);
  const trace = JSON.parse((await browser.stopTracing()).toString("utf8"));
  /** @type {any[]} */
  const events = trace.traceEvents;
  // The browser's own window is drawn too; only the page's frames count.
  const renderers = events.filter(({ name, args }) => name === "process_name" && args.name === "Renderer");
  const isPage = (/** @type {any} */ { pid }) => renderers.some((renderer) => renderer.pid === pid);
  const reports = events
    .filter(isPage)
    .flatMap(({ args }) => args?.chrome_frame_reporter ?? args?.frame_reporter ?? []);
  const count = (/** @type {RegExp} */ state) => reports.filter(({ state: own }) => state.test(own)).length;
  if (reports.length === 0) throw new Error("Chromium's trace says nothing of frames");
  return { cells, dropped: count(/DROPPED/), shown: count(/PRESENTED/) };
}
