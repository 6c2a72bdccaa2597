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
