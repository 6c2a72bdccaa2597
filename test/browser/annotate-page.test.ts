/** `vitrine annotate FOLDER` as a stranger uses it: the command, its address in a browser, labels and boxes on disk. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, copyFile, readdir, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

import axe from "axe-core";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";

import { ensureChromium } from "../../scripts/chromium-finder.mjs";
import { root } from "../../scripts/places.mjs";
import { ClassificationDataset } from "../../src/kernel-lib/data/classification-dataset.js";
import { ObjectDetectionDataset } from "../../src/kernel-lib/data/object-detection-dataset.js";
import { fridgeCopy } from "./fridge-copy.js";
import { tablewareCopy } from "./tableware-copy.js";

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: await ensureChromium(() => undefined),
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
});

afterAll(() => browser.close());

/** Starts the command and waits for the address that it prints. */
async function start(...args: string[]): Promise<{ url: string; process: ChildProcess }> {
  const bin = path.join(root, "src/kernel-lib/bin/vitrine.js");
  const child = spawn(process.execPath, [bin, "annotate", ...args, "--no-open"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  let text = "";
  for await (const part of child.stdout) {
    text += String(part);
    const url = /http:\S+/.exec(text)?.[0];
    if (url !== undefined && text.includes("\n")) return { url, process: child };
  }
  throw new Error("the command ended without an address");
}

async function open(url: string) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  return { page, complaints };
}

/** What the server answers to a request that a browser would not make. */
async function status(url: string, headers: { [name: string]: string }, method = "GET"): Promise<number | undefined> {
  const sent = request(url, { method, headers });
  sent.end();
  const [response] = (await once(sent, "response")) as [{ statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

it("labels in a browser without a notebook; labels are on disk, and the address alone opens it", async () => {
  const folder = await tablewareCopy();
  const { url, process: child } = await start(folder);
  const { page, complaints } = await open(url);
  await page.locator(".vt-zoom img").waitFor();
  // The token is in no history and in no address that is copied.
  expect(page.url()).not.toContain("token");
  await page.getByRole("gridcell").first().click();
  await page.keyboard.press("2");
  await page.getByText("bowl-01.jpg: cup", { exact: true }).first().waitFor();
  await page.evaluate(axe.source);
  const problems = await page.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: typeof axe };
    return (await checker.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
  });
  expect(problems).toEqual([]);
  await page.screenshot({ path: path.join(root, "out/screenshots/annotate-page-light.png") });
  await page.getByRole("button", { name: "Theme: light" }).click();
  await page.waitForTimeout(300);
  await page.screenshot({ path: path.join(root, "out/screenshots/annotate-page-dark.png") });
  const again = await ClassificationDataset.createFromDir("again", folder);
  expect(again.getLabelsForImage(0)).toEqual(["cup"]);
  // The same page in another tab is the same tool.
  const second = await page.context().newPage();
  await second.goto(new URL("/", url).href);
  await second.getByRole("gridcell", { name: /^bowl-01\.jpg, cup, changed/ }).waitFor();
  // Before it is told to end: it may be faster than the page.
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await page.getByText("The server has ended").waitFor();
  expect((await exit)[0]).toBe(0);
  expect(complaints).toEqual([]);
});

it("refuses who has no token, another host's name and another site's page", async () => {
  const { url } = await start(await tablewareCopy());
  const { host, origin, searchParams } = new URL(url);
  const token = searchParams.get("token") ?? "";
  const cookie = `vitrine-${new URL(url).port}=${token}`;
  expect(await status(`${origin}/`, {})).toBe(401);
  expect(await status(`${origin}/?token=${token.slice(1)}x`, {})).toBe(401);
  expect(await status(`${origin}/messages`, { cookie: cookie.slice(0, -1) })).toBe(401);
  expect(await status(`${origin}/`, { cookie, host: "evil.example" })).toBe(403);
  expect(await status(url, { host: `evil.example:${host.split(":")[1] ?? ""}` })).toBe(403);
  expect(await status(`${origin}/command`, { cookie, origin: "http://evil.example" }, "POST")).toBe(403);
  expect(await status(`${origin}/../package.json`, { cookie })).toBe(404);
  expect(await status(`${origin}/`, { cookie })).toBe(200);
});

it("draws boxes, and begins with loose pictures that nobody has labelled", async () => {
  const { url } = await start(await fridgeCopy(["fridge-01", "fridge-02"]));
  const boxes = await open(url);
  await boxes.page.locator(".vt-canvas img").waitFor();
  await boxes.page.screenshot({ path: path.join(root, "out/screenshots/annotate-page-boxes.png") });
  expect(boxes.complaints).toEqual([]);

  const folder = await mkdtemp(path.join(tmpdir(), "vitrine-loose-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const cups = path.join(root, "sample_data/tableware/cup");
  const names = (await readdir(cups)).filter((name) => name.endsWith(".jpg")).slice(0, 3);
  for (const name of names) await copyFile(path.join(cups, name), path.join(folder, name));
  const labels = await start(folder, "--labels", "cup", "plate");
  const loose = await open(labels.url);
  await loose.page.getByRole("gridcell", { name: /no label, 1 of 3/ }).click();
  await loose.page.keyboard.press("1");
  await loose.page
    .getByText(`${names[0] ?? ""}: cup`, { exact: true })
    .first()
    .waitFor();
  const drawn = path.join(folder, "drawn");
  await mkdir(drawn);
  await copyFile(path.join(cups, names[0] ?? ""), path.join(drawn, "one.jpg"));
  const task = await start(drawn, "--task", "boxes", "--labels", "cup");
  const empty = await open(task.url);
  await empty.page.locator(".vt-canvas img").waitFor();
  await empty.page.locator(".vt-canvas").focus();
  for (const key of ["n", "Enter", "Shift+ArrowRight", "Shift+ArrowDown", "Enter"])
    await empty.page.keyboard.press(key);
  await empty.page.getByText("one.jpg: cup added, 1 box").first().waitFor();
  const again = await ObjectDetectionDataset.createFromDir("again", drawn, {
    unannotated: "include",
    imageSubdirectory: ".",
  });
  expect(again.images[0]?.boxes).toMatchObject([{ label: "cup" }]);
});
