/** What people give to a deployment by mistake, and what it must not tell. */
import { inspect } from "node:util";

import { describe, expect, it } from "vitest";

import { parseDetectionResult } from "../../../src/kernel-lib/engine/parse-detection-result.js";
import { pictureBytes } from "../../../src/kernel-lib/serving/client/picture-source.js";
import { Deployment } from "../../../src/kernel-lib/serving/deployment.js";
import { LoadReport } from "../../../src/kernel-lib/serving/load-test/load-report.js";
import { runLoadTest } from "../../../src/kernel-lib/serving/load-test/load-test.js";
import { NO_PARAMETERS } from "../../../src/kernel-lib/serving/wire/score-parameters.js";
import { serialize } from "../../../src/kernel-lib/serving/wire/score-response.js";
import { failure } from "../failure.js";

const picture = "sample_data/tableware/bowl/bowl-01.jpg";

it("a deployment shows itself in a line, without its keys and its insides", () => {
  const deployment = new Deployment({ found: "fridge", environment: "local", uri: "http://127.0.0.1:8080" });
  Object.assign(deployment, { keys: { primary: "vk-secret", secondary: "vk-other" } });
  for (const shown of [inspect(deployment), inspect({ deployment }), inspect([deployment])]) {
    expect(shown).toContain("Deployment fridge (local): http://127.0.0.1:8080/score; await deployment.status()");
    expect(shown).not.toContain("vk-");
  }
});

it("a key in the place of the options is not taken for their names, and not repeated", async () => {
  const error = await failure(Deployment.scoreExistingService(picture, "http://127.0.0.1:9/score", "vk-key" as never));
  expect(error.message).toBe("Expected an object, { serviceKey } say, for options but received a string");
});

it.each([[224], [[224]], [["a", 1]], [[0, 5]]])("imageResizeDims of %j are refused by name", async (dims) => {
  const error = await failure(pictureBytes(picture, { imageResizeDims: dims as never }));
  expect(error.message).toMatch(/^Expected \[height, width\], .* for imageResizeDims but received/);
});

it.each<[string, unknown]>([
  ["a list of texts", ['{"detection_boxes":[]}']],
  ["nothing", undefined],
])("%s is no text of one picture", (_, given) => {
  expect(() => parseDetectionResult(given as string)).toThrow(/expected the text of one picture, one of the list/);
});

it("a data set is no list of pictures to load a service with", async () => {
  const error = await failure(
    runLoadTest({ url: "http://127.0.0.1:9/score", key: "k" }, { seconds: 1, images: { images: [] } } as never),
  );
  expect(error.message).toBe(
    "Expected a list of at least one picture for images but received a data set; give its images",
  );
});

describe("a threshold of a request", () => {
  const found = {
    kind: "detection" as const,
    boxes: Float32Array.of(0, 0, 1, 1),
    scores: Float32Array.of(0.9),
    classes: Int32Array.of(0),
  };
  it("of 90 is no detection's score, and not answered by nothing found", () => {
    expect(() => serialize(found, ["cup"], { ...NO_PARAMETERS, threshold: 90 })).toThrow(
      "Expected a number from 0 to 1 for parameters.threshold but received 90",
    );
    expect(serialize(found, ["cup"], { ...NO_PARAMETERS, threshold: 1 })).toContain('"num_detections":0');
  });
});

it("a load test's report says what became of every request", () => {
  const report = new LoadReport({
    ...{ url: "http://127.0.0.1/", title: "2 clients for 5 s", model: "closed", startedAt: "2026-01-01T00:00:00.000Z" },
    ...{ seconds: 5, requests: 56, good: 53, errors: { "503": 1 }, throughput: 11, lag: 0 },
    latency: { min: 1, mean: 1, p50: 1, p90: 1, p95: 1, p99: 1, p999: 1, max: 1 },
    ...{ histogram: { edges: [1, 2], counts: [55] }, timeline: [], processes: [], thresholds: [] },
  });
  expect(String(report)).toMatch(/good answers +53, 11\.0 a second; 2 more after the end\n/);
});
