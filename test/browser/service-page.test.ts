/** A service's own page and a load test's report, in light and in dark: what is drawn by the browser must fit what is behind it. */
import { chromium, type Browser } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ensureChromium } from "../../scripts/chromium-finder.mjs";
import { LoadReport } from "../../src/kernel-lib/serving/load-test/load-report.js";
import type { LoadReportData } from "../../src/kernel-lib/serving/load-test/report-data.js";
import { scriptPage } from "../../src/kernel-lib/serving/server/script-page.js";
import { tryPage } from "../../src/kernel-lib/serving/server/try-page.js";

const REPORT: LoadReportData = {
  url: "http://127.0.0.1:8080/score",
  title: "2 clients for 2 s",
  model: "closed",
  startedAt: "2026-01-01T00:00:00.000Z",
  seconds: 2,
  requests: 3,
  good: 3,
  errors: {},
  throughput: 1.5,
  latency: { min: 10, mean: 15, p50: 15, p90: 20, p95: 20, p99: 20, p999: 20, max: 20 },
  histogram: { edges: [10, 13, 20], counts: [1, 2] },
  timeline: [{ second: 0, good: 3, errors: 0, p50: 15, p99: 20 }],
  processes: [],
  thresholds: [],
  lag: 0,
};

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await ensureChromium(() => undefined), args: ["--no-sandbox"] });
});
afterAll(() => browser.close());

const report = () => new LoadReport(REPORT).toHTML();

it("a service's page draws what a detector has found over the picture, under its own content security policy", async () => {
  const answer = {
    detection_boxes: [
      [0.25, 0.5, 0.75, 1],
      [0, 0, 0.5, 0.5],
      [0, 0, 1, 1],
    ],
    detection_scores: [0.9, 0.6, 0.1],
    detection_classes: [1, 2, 1],
    detection_labels: ["eggBox", "water", "eggBox"],
    num_detections: 3,
  };
  const png = await sharp({ create: { width: 200, height: 100, channels: 3, background: "#888888" } })
    .png()
    .toBuffer();
  const page = await browser.newPage({ viewport: { width: 800, height: 900 } });
  try {
    await page.route("http://service.test/**", (route) =>
      route.request().url().includes("score")
        ? route.fulfill({ json: [JSON.stringify(answer)] })
        : route.fulfill({
            contentType: "text/html",
            body: tryPage.html("fridge", true),
            headers: { "content-security-policy": tryPage.contentSecurityPolicy },
          }),
    );
    await page.goto("http://service.test/");
    await page.getByLabel("A key").fill("k");
    await page.getByLabel("A picture").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png });
    await page.getByRole("button", { name: "Score" }).click();
    await page.getByText("2 found with a score of 0.5 or more").waitFor();
    const boxes = page.locator(".picture div");
    expect(await boxes.allTextContents()).toEqual(["eggBox", "water"]);
    const picture = await page.locator("img").boundingBox();
    const drawn = await boxes.first().boundingBox();
    if (!picture || !drawn) throw new Error("nothing is drawn");
    expect((drawn.x - picture.x) / picture.width).toBeCloseTo(0.5, 1);
    expect((drawn.y - picture.y) / picture.height).toBeCloseTo(0.25, 1);
    expect(drawn.width / picture.width).toBeCloseTo(0.5, 1);
    expect(drawn.height / picture.height).toBeCloseTo(0.5, 1);
    expect(await page.getByRole("row").count()).toBe(2);
    await page.getByLabel("A picture").setInputFiles({ name: "b.png", mimeType: "image/png", buffer: png });
    expect(await boxes.count()).toBe(0);
  } finally {
    await page.close();
  }
});

describe.each([
  ["a service's page", () => tryPage.html("cups", true)],
  ["an entry script's page", () => scriptPage.html("cups", true)],
  ["a load test's report", report],
])("%s", (_what, html) => {
  it.each(["light", "dark"] as const)("is readable on a %s screen", async (colorScheme) => {
    const page = await browser.newPage({ viewport: { width: 800, height: 600 }, colorScheme });
    try {
      await page.setContent(html());
      const { data } = await sharp(await page.screenshot({ clip: { x: 0, y: 0, width: 4, height: 4 } }))
        .greyscale()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const behind = data[0] ?? 0;
      const brightness = await page.evaluate(() => {
        const [red = 0, green = 0, blue = 0] = (getComputedStyle(document.body).color.match(/\d+/g) ?? []).map(Number);
        return (red + green + blue) / 3;
      });
      // Text and what lies behind it are far apart, and the page follows the screen.
      expect(Math.abs(brightness - behind)).toBeGreaterThan(180);
      expect(behind > 128).toBe(colorScheme === "light");
    } finally {
      await page.close();
    }
  });
});
