/** `npm run notebooks`, as its user runs it: the notebook on digits from top to bottom, and what it leaves. */
import { beforeAll, describe, expect, it } from "vitest";

import { ExecutedNotebook, readMetrics } from "./executed-notebook.js";

describe("the notebook on digits, unattended", () => {
  let notebook: ExecutedNotebook;
  let metrics: { digits: { accuracy: number } };

  beforeAll(async () => {
    notebook = await ExecutedNotebook.run("3-digits-service");
    metrics = (await readMetrics()) as typeof metrics;
    // A busy machine takes several times as long as two quiet cores.
  }, 1_000_000);

  const text = (source: string) => notebook.text(source);

  it("goes from the files to a registered model, and back", () => {
    expect(text("IdxDataset.fromFolder(")).toMatch(/4000 digits to learn from, 1000 to judge by, 28 × 28/);
    expect(text("fitAsync(")).toMatch(/\d+ steps, converged/);
    expect(text("Model.register(")).toMatch(/^digits, version \d+: 1\d\d\.\d KB, data=digits, method=logistic regression/);
    expect(text("model.download(")).toMatch(/version \d+, the same answers: true/);
  });

  it("deploys it with its script, asks it, and takes it down", () => {
    expect(text("Model.deploy(")).toMatch(/1 of 1 replicas ready[\s\S]*Healthy: http:\/\/127\.0\.0\.1:\d+\/score/);
    expect(text("const sample")).toMatch(/\d+ of 30 wrong[\s\S]*30 pictures/);
    expect(text("const served")).toMatch(/the service reads 9\d\d of 1000 right, as the notebook does: true/);
    expect(text("await service.getKeys(")).toMatch(/label: \d\nprediction: \[\d\]/);
    expect(text("await service.getKeys(")).toMatch(/400 \{"error":\{"code":"InvalidRequest"/);
    expect(text("service.delete()")).toMatch(/a service of that name: false\nmodels: digits, version/);
  });

  it("shows its digits and its errors to readers without a kernel", () => {
    for (const source of ["IdxDataset.fromFolder(", "const sample"]) {
      expect(notebook.outputs(source).some(({ data }) => data?.["image/png"] !== undefined)).toBe(true);
    }
    for (const source of ["plotErrorMatrix(evaluation)", "const served"]) {
      const html = notebook.outputs(source).map(({ data }) => data?.["text/html"] ?? "").join("");
      expect(html).toMatch(/<img [^>]*src="data:image/);
    }
  });

  it("leaves the accuracy of the service, which is at least 0.90", () => {
    expect(metrics.digits.accuracy).toBeGreaterThanOrEqual(0.9);
    expect(metrics.digits.accuracy).toBeLessThanOrEqual(1);
  });
});
