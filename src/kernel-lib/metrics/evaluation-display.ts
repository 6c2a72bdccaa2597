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
  if (evaluation.labels.length > MOST_LABELS) return hardestAsHtml(evaluation);
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
  if (labels.length > MOST_LABELS) return hardestAsText(evaluation);
  const recalls = evaluation.accuracyByLabel();
  const rows = evaluation
    .confusionMatrix()
    .map((row, i) => [labels[i] ?? "", ...row.map(String), percent(recalls.get(labels[i] ?? ""))]);
  const table = [["truth \\ prediction", ...labels, "accuracy"], ...rows];
  return [heading(evaluation), ...aligned(table)].join("\n");
}

function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length))) ?? [];
  return table.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
  );
}

/** A matrix of more labels is not read any more: then those that are found worst are listed. */
const MOST_LABELS = 20;

const HARDEST_HEADS = ["label", "pictures", "accuracy", "most often taken for"];

/** A row a label, the one with the lowest accuracy first. */
function hardest(evaluation: ShownEvaluation): string[][] {
  const { labels } = evaluation;
  const recalls = evaluation.accuracyByLabel();
  const rows = evaluation.confusionMatrix().map((row, i) => {
    const label = labels[i] ?? "";
    const wrong = row.map((count, j) => (j === i ? 0 : count));
    const most = Math.max(...wrong);
    const taken = most === 0 ? "" : `${labels[wrong.indexOf(most)] ?? ""} (${most})`;
    const count = row.reduce((sum, one) => sum + one, 0);
    return { recall: recalls.get(label) ?? NaN, cells: [label, String(count), percent(recalls.get(label)), taken] };
  });
  const rank = (recall: number) => (Number.isNaN(recall) ? 2 : recall);
  rows.sort((a, b) => rank(a.recall) - rank(b.recall));
  return rows.slice(0, MOST_LABELS).map(({ cells }) => cells);
}

function hardestAsHtml(evaluation: ShownEvaluation): string {
  const align = (i: number) => `style="text-align:${i === 0 || i === 3 ? "left" : "right"}"`;
  const head = HARDEST_HEADS.map((text, i) => `<th scope="col" ${align(i)}>${text}</th>`).join("");
  const body = hardest(evaluation).map(
    (cells) => `<tr>${cells.map((text, i) => `<td ${align(i)}>${escapeHtml(text)}</td>`).join("")}</tr>`,
  );
  return (
    `<table><caption ${LEFT}>${escapeHtml(heading(evaluation))}</caption><thead><tr>${head}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table><p>${escapeHtml(restOf(evaluation))}</p>`
  );
}

function hardestAsText(evaluation: ShownEvaluation): string {
  const table = [HARDEST_HEADS, ...hardest(evaluation)];
  return [heading(evaluation), ...aligned(table), restOf(evaluation)].join("\n");
}

const restOf = ({ labels }: ShownEvaluation): string =>
  `The ${MOST_LABELS} labels of ${labels.length} with the lowest accuracy; all of them: accuracyByLabel(), confusionMatrix().`;

function heading(evaluation: ShownEvaluation): string {
  const byClass = percent(evaluation.accuracy());
  const overall = percent(evaluation.accuracy({ average: "overall" }));
  const count = evaluation.truth.length;
  return `Accuracy ${byClass} by class, ${overall} overall, on ${count} ${count === 1 ? "picture" : "pictures"}`;
}

function percent(fraction: number | undefined): string {
  return fraction === undefined || Number.isNaN(fraction) ? "–" : `${(100 * fraction).toFixed(2)} %`;
}
