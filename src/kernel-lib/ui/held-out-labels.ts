/**
 * What pictures are taken for by models that have not seen their labels, on features that are there already: to find labels that are wrong,
 * for a model that has learnt from a wrong label often agrees with it.
 */
import { heldOutScores } from "../classifiers/held-out-scores.js";
import type { Matrix } from "../structures/matrix.js";

export interface HeldOutInput {
  /** The columns of the answer. */
  readonly labels: readonly string[];
  /** A row for each of `ids`. */
  readonly features: Matrix;
  readonly ids: readonly number[];
  readonly labelsOf: (id: number) => readonly string[];
  readonly signal?: AbortSignal;
}

/** Pictures that are alone with their label are left out: nobody else can say what such a picture looks like. */
export async function heldOutLabels(input: HeldOutInput): Promise<{ ids: number[]; scores: Matrix }> {
  const { labels, features, labelsOf, signal } = input;
  const rows = input.ids.map((id, row) => ({ id, row, column: columnOf(labels, labelsOf(id)) }));
  const sizes = new Map<number, number>();
  for (const { column } of rows) sizes.set(column, (sizes.get(column) ?? 0) + 1);
  const used = rows.filter(({ column }) => column >= 0 && (sizes.get(column) ?? 0) > 1);
  const data = new Float32Array(used.length * features.columns);
  used.forEach(({ row }, i) => {
    data.set(features.data.subarray(row * features.columns, (row + 1) * features.columns), i * features.columns);
  });
  const scores = await heldOutScores(
    { rows: used.length, columns: features.columns, data },
    used.map(({ column }) => column),
    { columns: labels.length, ...(signal && { signal }) },
  );
  return { ids: used.map(({ id }) => id), scores };
}

/** The column of a picture's label: of several, that of the first which the model knows. */
export function columnOf(labels: readonly string[], own: readonly string[]): number {
  return own.map((label) => labels.indexOf(label)).find((column) => column >= 0) ?? -1;
}
