/** The detection notebook from top to bottom, as `npm run notebooks` runs it, and what it leaves. */
import { beforeAll, describe, expect, it } from "vitest";

import { ExecutedNotebook, readMetrics } from "./executed-notebook.js";

describe("the detection notebook, unattended", () => {
  let notebook: ExecutedNotebook;
  let metrics: { detection: Record<"mAP50" | "seconds" | "trainMAP50" | "trainingSeconds", number> };

  beforeAll(async () => {
    notebook = await ExecutedNotebook.run("2-detection");
    metrics = (await readMetrics()) as typeof metrics;
    // Three minutes on two quiet cores; a busy machine takes several times as long.
  }, 1_500_000);

  const text = (source: string) => notebook.text(source);

  it("prints what the flow asks of each step", () => {
    expect(text("train.printInfo()")).toMatch(/Dataset consists of 25 images with 8 labels\./);
    expect(text("train.printInfo()")).toMatch(/squash +40/);
    expect(text("new FasterRCNN(")).toMatch(/^embedded: .*\n+tensorboard --logdir=/);
    expect(text("detector.train(")).toMatch(/finished at step 1000: loss 0\.\d+/);
    expect(text("detector.evaluate(test)")).toMatch(/eggBox +: [01]\.\d\d[\s\S]*overall +: [01]\.\d\d/);
    expect(text("detector.evaluate(train")).toMatch(/on the training pictures: [01]\.\d\d/);
    expect(text("evaluation.interval()")).toMatch(/between 0\.\d\d and [01]\.\d\d/);
    expect(text("detector.score(picture)")).toMatch(/Object 0: label=\w+ *, score=[01]\.\d\d, location=\(top: /);
    expect(text("detector.score(picture)")).toMatch(/Found \d+ objects in image fridge-27\.jpg\./);
    expect(text("FasterRCNN.load(")).toBe("the same detections: true\n");
    expect(text("new DetectionResultsUI(")).toMatch(/^val_dataset: 5 pictures, .*\d+ right, \d+ wrong, \d+ missed/);
    expect(text("deployment.deploy()")).toMatch(/2 keys for http:\/\/127\.0\.0\.1:\d+\/score/);
    const [served, own] = [...text("deployment.scoreImage(").matchAll(/(?:finds|found) (\d+)/g)].map(([, count]) => count);
    expect(served).toBe(own);
    expect(text("deployment.loadTest(")).toMatch(/good answers[\s\S]*errors +none/);
    expect(text("deployment.delete()")).toBe("a service of that name: false\n");
  });

  it("finds most objects of pictures that it has never seen, and more of those it has learnt from", () => {
    const { mAP50, trainMAP50, seconds, trainingSeconds } = metrics.detection;
    // 0.95 where it was measured. Another processor rounds differently, and five pictures are few.
    expect(mAP50).toBeGreaterThan(0.87);
    expect(trainMAP50).toBeGreaterThan(0.95);
    expect(seconds).toBeGreaterThan(trainingSeconds);
  });

  it("shows pictures with boxes, and the training for readers without a kernel", () => {
    const jpeg = (source: string) => notebook.outputs(source).find(({ data }) => data?.["image/jpeg"] !== undefined);
    expect(jpeg("visualizeBoundingBoxes(")).toBeDefined();
    expect(jpeg("detector.visualize(")?.data?.["text/plain"]).toMatch(/^a picture with \d+ objects: /);
    const view = notebook.outputs("detector.train(").find(({ data }) => data?.["text/html"] !== undefined);
    expect(view?.data?.["text/html"]).toMatch(/Faster R-CNN, embedded/);
    const drawing = /svg\+xml;base64,([^"]+)/.exec(view?.data?.["text/html"] ?? "")?.[1] ?? "";
    expect(Buffer.from(drawing, "base64").toString()).toContain("where exactly?");
    expect(view?.data?.["text/html"]).not.toMatch(/<script/);
  });
});
