/** The list as columns, one a label: of each a window of rows, so that all columns together hold few enough cells for a page. */
import { MAX_COLUMN_CELLS, type AnnotationColumn, type AnnotationRow } from "../protocol/index.js";

/** Rows of one column at most, and at least. */
const MOST = 12;
const FEWEST = 3;

export class LabelColumns {
  private readonly from = new Map<string | null, number>();

  /** The first row that a column shows. */
  scroll(label: string | null, from: number): void {
    this.from.set(label, Math.max(0, Math.floor(from)));
  }

  /** Pictures without a label first, then a column a label; a picture with two labels is in both. */
  of(
    ids: readonly number[],
    labels: readonly string[],
    labelsOf: (id: number) => readonly string[],
    rowOf: (id: number) => readonly AnnotationRow[],
  ): AnnotationColumn[] {
    const members = new Map<string | null, number[]>([null, ...labels].map((label) => [label, []]));
    for (const id of ids) {
      const own = labelsOf(id);
      if (own.length === 0) members.get(null)?.push(id);
      for (const label of own) members.get(label)?.push(id);
    }
    const height = Math.max(FEWEST, Math.min(MOST, Math.floor(MAX_COLUMN_CELLS / members.size)));
    return [...members].map(([label, own]) => {
      const from = Math.min(this.from.get(label) ?? 0, Math.max(0, own.length - 1));
      return { label, count: own.length, from, rows: own.slice(from, from + height).flatMap(rowOf) };
    });
  }
}
