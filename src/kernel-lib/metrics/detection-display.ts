/** A detector's evaluation as a small table, for a notebook's page and for a terminal. */
import { escapeHtml, LEFT } from "./escape-html.js";

/** What is shown of an evaluation. */
export interface ShownDetectionEvaluation {
  readonly labels: readonly string[];
  readonly truth: readonly unknown[];
  averagePrecision(label?: string): number;
  coco(): { ap: number };
  counts(): readonly { label: string; right: number; wrong: number; missed: number }[];
}

const HEADS = ["label", "AP at IoU 0.5", "right", "wrong", "missed"];

/** Average precision and counts by label, as an HTML fragment that scripts nothing. */
export function detectionAsHtml(evaluation: ShownDetectionEvaluation): string {
  const head = HEADS.map((text, i) => `<th scope="col"${i === 0 ? ` ${LEFT}` : ""}>${text}</th>`).join("");
  const body = rows(evaluation).map(([label = "", ...cells]) => {
    return `<tr><th scope="row" ${LEFT}>${escapeHtml(label)}</th>${cells.map((text) => `<td>${text}</td>`).join("")}</tr>`;
  });
  return (
    `<table><caption ${LEFT}>${escapeHtml(heading(evaluation))}</caption>` +
    `<thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>`
  );
}

/** The same as text in aligned columns. */
export function detectionAsText(evaluation: ShownDetectionEvaluation): string {
  const table = [HEADS, ...rows(evaluation)];
  const widths = HEADS.map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  const lines = table.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
  );
  return [heading(evaluation), ...lines].join("\n");
}

function rows(evaluation: ShownDetectionEvaluation): string[][] {
  return evaluation
    .counts()
    .map(({ label, right, wrong, missed }) => [
      label,
      figure(evaluation.averagePrecision(label)),
      ...[right, wrong, missed].map(String),
    ]);
}

function heading(evaluation: ShownDetectionEvaluation): string {
  const count = evaluation.truth.length;
  return (
    `mAP ${figure(evaluation.averagePrecision())} at IoU 0.5, ${figure(evaluation.coco().ap)} over IoU 0.5 to 0.95, ` +
    `on ${count} ${count === 1 ? "picture" : "pictures"}; counts at a score of 0.5`
  );
}

const figure = (value: number): string => (Number.isNaN(value) || value < 0 ? "–" : value.toFixed(3));
