/** An evaluation as a small table, for a notebook's page and for a terminal. */
import { escapeHtml, LEFT } from "./escape-html.js";

/** What is shown of an evaluation. */
export interface ShownEvaluation {
  readonly labels: readonly string[];
  readonly truth: readonly number[];
  accuracy(options?: { average?: "class" | "overall" }): number;
  accuracyByLabel(): ReadonlyMap<string, number>;
  confusionMatrix(): number[][];
}

/** Accuracy overall and by class, and the confusion matrix, as an HTML fragment that scripts nothing. */
export function evaluationAsHtml(evaluation: ShownEvaluation): string {
  const head = evaluation.labels.map((label) => `<th scope="col">${escapeHtml(label)}</th>`).join("");
  const recalls = evaluation.accuracyByLabel();
  const body = evaluation.confusionMatrix().map((row, i) => {
    const label = evaluation.labels[i] ?? "";
    const cells = row.map((count, j) => `<td>${i === j ? `<b>${count}</b>` : count}</td>`).join("");
    return `<tr><th scope="row" ${LEFT}>${escapeHtml(label)}</th>${cells}<td>${percent(recalls.get(label))}</td></tr>`;
  });
  return (
    `<table><caption ${LEFT}>${escapeHtml(heading(evaluation))}</caption>` +
    `<thead><tr><th scope="col" ${LEFT}>truth ↓ prediction →</th>${head}<th scope="col">accuracy</th></tr></thead>` +
    `<tbody>${body.join("")}</tbody></table>`
  );
}

/** The same as text in aligned columns. */
export function evaluationAsText(evaluation: ShownEvaluation): string {
  const { labels } = evaluation;
  const recalls = evaluation.accuracyByLabel();
  const rows = evaluation
    .confusionMatrix()
    .map((row, i) => [labels[i] ?? "", ...row.map(String), percent(recalls.get(labels[i] ?? ""))]);
  const table = [["truth \\ prediction", ...labels, "accuracy"], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length))) ?? [];
  const lines = table.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
  );
  return [heading(evaluation), ...lines].join("\n");
}

function heading(evaluation: ShownEvaluation): string {
  const byClass = percent(evaluation.accuracy());
  const overall = percent(evaluation.accuracy({ average: "overall" }));
  const count = evaluation.truth.length;
  return `Accuracy ${byClass} by class, ${overall} overall, on ${count} ${count === 1 ? "picture" : "pictures"}`;
}

function percent(fraction: number | undefined): string {
  return fraction === undefined || Number.isNaN(fraction) ? "–" : `${(100 * fraction).toFixed(2)} %`;
}
