/**
 * The annotation tool with a folder of 100,000 pictures, in a real Chromium: how long it takes to open, the first time and again, until the
 * first pictures are seen, how many cells the page holds, and the frames that a scroll through the wall drops, by Chromium's own
 * trace. The files are small copies of the sample pictures, no two alike; thumbnails are made while it scrolls. There is no peer: the
 * marks are two seconds, 200 cells and no dropped frame. What other work a machine does counts in seconds on the clock and in frames,
 * hardly in CPU time.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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
  // Last: what it opens is decoded in the background from then on.
  return [...(await benchAnnotation()), ...(await benchResults()), ...(await benchBoxes())];
}

/** @param {any} dataset anything but certain, right three times in four */
function scoresOf(dataset) {
  const columns = dataset.labels.length;
  const data = new Float32Array(dataset.size() * columns);
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  dataset.images.forEach((/** @type {any} */ { labels }, /** @type {number} */ row) => {
    const truth = dataset.labels.indexOf(labels[0]);
    const powers = Array.from({ length: columns }, (_, k) => Math.exp(2 * (random() + (k === truth ? 0.5 : 0))));
    const sum = powers.reduce((total, power) => total + power, 0);
    data.set(
      powers.map((power) => power / sum),
      row * columns,
    );
  });
  return { rows: dataset.size(), columns, data };
}

/** What 100,000 results cost the kernel: a page of theirs is what the annotation tool's is. */
async function benchResults() {
  const { ResultsUI } = built("ui/results-ui.js");
  const dataset = await manyPictures();
  const scores = scoresOf(dataset);
  let ui;
  const made = cpuOf(() => (ui = new ResultsUI(dataset, { scores })));
  /** As the views' commands come in. @param {object} command */
  const obey = (command) => cpuOf(() => ui.onCommand(command));
  const keys = Array.from({ length: 100 }, () => obey({ type: "move", by: 1 }));
  const sorted = obey({ type: "order", order: "loss descending" });
  const corrected = ["cup", "plate", "bowl"].map((label, id) => obey({ type: "label", label, id }));
  const mean = (/** @type {number[]} */ of) => of.reduce((sum, one) => sum + one, 0) / of.length;
  return [
    row("100,000 results, new ResultsUI, CPU time", made, "ms"),
    row("100,000 results, a key to the next picture, CPU time", mean(keys), "ms"),
    row("100,000 results, sorted by loss, CPU time", sorted, "ms"),
    row("100,000 results, a corrected label with all figures anew, CPU time", mean(corrected), "ms"),
    row("100,000 results, what the views hold of them", JSON.stringify(ui.state).length / 1000, "kB"),
  ];
}

/** Milliseconds that this process computes meanwhile. @param {() => unknown} work */
function cpuOf(work) {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

/**
 * A widget on a page of its own, for as long as the work takes.
 * @param {() => any} make @param {(page: import("playwright-core").Page, opened: number) => Promise<object[]>} work
 */
async function onPage(make, work) {
  const temp = await mkdtemp(path.join(tmpdir(), "vitrine-bench-"));
  const { Context } = built("structures/context.js");
  Context.create({ tempPath: temp, outputsPath: temp, persistentPath: temp });
  const { PagePort } = built("cli/page-port.js");
  const { servePage } = built("cli/page-server.js");
  const { installKernelPort, JUPYTER_DISPLAY } = built("comm/port.js");
  const pages = new PagePort();
  installKernelPort(pages);
  const browser = await chromium.launch({
    executablePath: await ensureChromium(() => undefined),
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const opened = performance.now();
  const widget = make();
  await widget[JUPYTER_DISPLAY]();
  const server = await servePage(pages, { port: 0, folder: path.join(root, "src/widgets/dist/page") });
  try {
    await page.goto(server.url);
    return await work(page, opened);
  } finally {
    widget.close();
    await server.close();
    await browser.close();
    installKernelPort(undefined);
    await rm(temp, { recursive: true, force: true });
  }
}

async function benchAnnotation() {
  const temp = await mkdtemp(path.join(tmpdir(), "vitrine-bench-"));
  try {
    const folder = await manyFiles(temp);
    const first = await opened(folder);
    const again = await indexed(folder);
    return [
      row("100,000 pictures, createFromDir for the first time", first.seconds, "s"),
      row("100,000 pictures, createFromDir for the first time, CPU time", first.cpu, "s"),
      row("100,000 pictures, createFromDir with the index", again.seconds, "s"),
      row("100,000 pictures, createFromDir with the index, CPU time", again.cpu, "s"),
      ...(await benchWall(again.dataset)),
    ];
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

/** Pictures with an XML file of three boxes each: to open them, and what reading the files behind costs. */
async function benchBoxes() {
  const temp = await mkdtemp(path.join(tmpdir(), "vitrine-bench-"));
  try {
    const folder = await manyAnnotated(temp);
    const first = await openedBoxes(folder);
    const read = cpuOf(() => first.dataset.counts());
    while (!existsSync(path.join(folder, ".vitrine", "annotations.jsonl"))) await sleep(100);
    await notePictures(folder, first.dataset.images);
    const again = await openedBoxes(folder);
    const known = cpuOf(() => again.dataset.counts());
    return [
      row("100,000 pictures with boxes, createFromDir for the first time", first.seconds, "s"),
      row("100,000 pictures with boxes, createFromDir for the first time, CPU time", first.cpu, "s"),
      row("100,000 pictures with boxes, reading them, CPU time", read / 1000, "s"),
      row("100,000 pictures with boxes, createFromDir with the index", again.seconds, "s"),
      row("100,000 pictures with boxes, createFromDir with the index, CPU time", again.cpu, "s"),
      row("100,000 pictures with boxes, taking them from the index, CPU time", known / 1000, "s"),
    ];
  } finally {
    await rm(temp, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** @param {any} dataset */
async function benchWall(dataset) {
  const { AnnotationUI } = built("ui/annotation-ui.js");
  return onPage(
    () => new AnnotationUI(dataset, { gridSize: [4, 3] }),
    async (page, begun) => {
      await page.waitForFunction(() => document.querySelectorAll(".vt-cell img").length === 12);
      const seen = (performance.now() - begun) / 1000;
      await page.getByLabel("View").selectOption("wall");
      await page.waitForFunction(() => document.querySelectorAll(".vt-wall img").length > 20);
      const scroll = await scrollWall(page);
      return [
        row("100,000 pictures, from new AnnotationUI to the first page seen", seen, "s"),
        row("100,000 pictures, most cells on the page while the wall scrolls", scroll.cells, "cells"),
        row(`scrolling the wall for ${SCROLL_SECONDS} s: frames dropped`, scroll.dropped, "frames"),
        row(`scrolling the wall for ${SCROLL_SECONDS} s: frames shown`, scroll.shown, "frames"),
        row("scrolling the wall, CPU time of the page's own thread a frame", scroll.milliseconds, "ms"),
        row("scrolling the wall, the longest task of the page's own thread, CPU time", scroll.longest, "ms"),
      ];
    },
  );
}

/** @param {string} name @param {number} ours @param {string} unit */
const row = (name, ours, unit) => ({ topic: "widgets", name, ours, peer: null, peerName: "", unit, ratio: null });

/** The sample pictures, each under many names: what is no matter of files. */
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

/** Small JPEGs, each with a comment of its own, so that no two have the same content. @param {string} temp */
async function manyFiles(temp) {
  const { ClassificationDataset } = built("data/classification-dataset.js");
  const { thumbnail } = built("data/thumbnail.js");
  const sample = await ClassificationDataset.createFromDir("sample", path.join(root, "sample_data/tableware"));
  const folder = path.join(temp, "many");
  const small = [];
  for (const { storagePath, labels } of sample.images) {
    small.push({ label: labels[0], bytes: Buffer.from((await thumbnail(storagePath, 160)).bytes) });
  }
  for (const label of sample.labels) mkdirSync(path.join(folder, label), { recursive: true });
  for (let i = 0; i < PICTURES; i++) {
    const { label, bytes } = small[i % small.length];
    const text = Buffer.from(`picture ${i}`);
    const comment = Buffer.concat([Buffer.of(0xff, 0xfe, 0, text.length + 2), text]);
    writeFileSync(
      path.join(folder, label, `p-${i}.jpg`),
      Buffer.concat([bytes.subarray(0, 2), comment, bytes.subarray(2)]),
    );
  }
  return folder;
}

/** A folder as Pascal VOC lays it out. @param {string} temp */
async function manyAnnotated(temp) {
  const folder = path.join(temp, "boxes");
  const [pictures, annotations] = ["JPEGImages", "Annotations"].map((name) => path.join(folder, name));
  for (const made of [pictures, annotations]) mkdirSync(made, { recursive: true });
  const many = await manyFiles(temp);
  const [label] = readdirSync(many);
  const source = path.join(many, label, readdirSync(path.join(many, label))[0]);
  const bytes = readFileSync(source);
  const { width, height } = built("data/picture-header.js").readPictureHeader(source);
  for (let i = 0; i < PICTURES; i++) {
    writeFileSync(path.join(pictures, `p-${i}.jpg`), Buffer.concat([bytes, Buffer.from(String(i))]));
    const objects = ["cup", "plate", "bowl"].map(
      (name, k) =>
        `<object><name>${name}</name><bndbox><xmin>${k + (i % 50)}</xmin><ymin>${k}</ymin><xmax>${k + 60}</xmax><ymax>${k + 50}</ymax></bndbox></object>`,
    );
    const size = `<size><width>${width}</width><height>${height}</height><depth>3</depth></size>`;
    writeFileSync(path.join(annotations, `p-${i}.xml`), `<annotation>${size}${objects.join("")}</annotation>`);
  }
  return folder;
}

/** @param {string} folder */
const opened = (folder) =>
  timed(() => built("data/classification-dataset.js").ClassificationDataset.createFromDir("many pictures", folder));

/** @param {string} folder */
const openedBoxes = (folder) =>
  timed(() => built("data/object-detection-dataset.js").ObjectDetectionDataset.createFromDir("many boxes", folder));

/** @param {() => Promise<any>} open */
async function timed(open) {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  const dataset = await open();
  const { user, system } = process.cpuUsage(before);
  return { dataset, seconds: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 };
}

/** @param {string} folder */
async function indexed(folder) {
  const { scanImageFolder } = built("data/image-folder.js");
  const { files } = await scanImageFolder(folder);
  await notePictures(
    folder,
    files.map(({ path: storagePath }) => ({ storagePath })),
  );
  return opened(folder);
}

/**
 * Decoding all of them once would take minutes of the bench: the index gets what decoding finds, as the library writes it.
 * @param {string} folder @param {readonly { storagePath: string }[]} pictures
 */
async function notePictures(folder, pictures) {
  const { PictureIndex } = built("data/picture-index.js");
  const { UncheckedFacts } = built("data/unchecked-facts.js");
  const index = await PictureIndex.open(folder, undefined);
  for (const { storagePath } of pictures) {
    const { stamp } = index.look(storagePath);
    const { name, storageId, width, height } = new UncheckedFacts(storagePath);
    index.note(storagePath, stamp, { facts: { name, storageId, storagePath, width, height }, note: "" });
  }
  await index.save();
}

/** @param {import("playwright-core").Page} page */
async function scrollWall(page) {
  const browser = page.context().browser();
  if (!browser) throw new Error("there is no browser");
  await browser.startTracing(page, {
    categories: ["cc", "benchmark", "toplevel", "devtools.timeline", "disabled-by-default-cc.debug"],
  });
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
  const shown = count(/PRESENTED/);
  const tasks = ownTasks(events.filter(isPage));
  const milliseconds = tasks.reduce((sum, time) => sum + time, 0) / Math.max(1, shown);
  return { cells, dropped: count(/DROPPED/), shown, milliseconds, longest: Math.max(0, ...tasks) };
}

/** CPU milliseconds of each task of the page's main thread. @param {any[]} events */
function ownTasks(events) {
  const main = events.find(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const isTask = (/** @type {any} */ { name, pid, tid, ph }) =>
    name === "ThreadControllerImpl::RunTask" && pid === main?.pid && tid === main?.tid && ph === "X";
  return events.filter(isTask).map(({ tdur = 0 }) => tdur / 1000);
}
