/** `npm run notebooks`, as its user runs it: the notebook on digits from top to bottom, and what it leaves. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { beforeAll, describe, expect, it } from "vitest";

import { inRoot, out, root } from "../../scripts/places.mjs";

const run = promisify(execFile);

interface Output {
  text?: string;
  data?: Record<string, string>;
}
interface Cell {
  cell_type: string;
  source: string;
  outputs?: Output[];
}

describe("the notebook on digits, unattended", () => {
  let cells: Cell[];
  let metrics: { digits: { accuracy: number } };

  beforeAll(async () => {
    await run(process.execPath, [inRoot("scripts", "notebooks.mjs"), "3-digits-service"], { cwd: root });
    const notebook = await readFile(path.join(out, "notebooks", "3-digits-service.ipynb"), "utf8");
    cells = (JSON.parse(notebook, joined) as { cells: Cell[] }).cells.filter(({ cell_type }) => cell_type === "code");
    metrics = JSON.parse(await readFile(path.join(out, "metrics.json"), "utf8")) as typeof metrics;
  }, 300_000);

  /** The outputs of the cell that has this in its source. */
  function outputs(source: string): Output[] {
    const cell = cells.find((one) => one.source.includes(source));
    if (!cell) throw new Error(`There is no cell with ${source}`);
    return cell.outputs ?? [];
  }
  const text = (source: string) =>
    outputs(source)
      .map((output) => output.text ?? output.data?.["text/plain"] ?? "")
      .join("\n");

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
    expect(text("service.delete()")).toMatch(/a service of that name: false; models: digits, version/);
  });

  it("shows its digits and its errors to readers without a kernel", () => {
    for (const source of ["IdxDataset.fromFolder(", "const sample"]) {
      expect(outputs(source).some(({ data }) => data?.["image/png"] !== undefined)).toBe(true);
    }
    for (const source of ["plotErrorMatrix(evaluation)", "const served"]) {
      const html = outputs(source).map(({ data }) => data?.["text/html"] ?? "").join(""); // prettier-ignore
      expect(html).toMatch(/<img [^>]*src="data:image/);
    }
  });

  it("leaves the accuracy of the service, which is at least 0.90", () => {
    expect(metrics.digits.accuracy).toBeGreaterThanOrEqual(0.9);
    expect(metrics.digits.accuracy).toBeLessThanOrEqual(1);
  });
});

/** A notebook's file has texts as lists of lines. */
function joined(key: string, value: unknown): unknown {
  const isText = Array.isArray(value) && value.every((line) => typeof line === "string");
  return isText && (key === "source" || key === "text" || key.includes("/")) ? value.join("") : value;
}
