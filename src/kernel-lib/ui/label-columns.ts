/** The list as columns, one a label: of each a window of rows, so that all columns together hold few enough cells for a page. */
import { MAX_COLUMN_CELLS, type AnnotationColumn, type AnnotationRow } from "../protocol/index.js";

/** Rows of one column at most, and at least. */
const MOST = 12;
const FEWEST = 3;

export class LabelColumns {
  private readonly from = new Map<string | null, number>();
  /** The column that the arrows are in. */
  private current: string | null | undefined;

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
    const members = membersOf(ids, labels, labelsOf);
    const height = heightOf(members.size);
    return [...members].map(([label, own]) => {
      const from = Math.min(this.from.get(label) ?? 0, Math.max(0, own.length - 1));
      return { label, count: own.length, from, rows: own.slice(from, from + height).flatMap(rowOf) };
    });
  }

  /**
   * Where an arrow leads: to the next picture within the column, as they lie there `wide` side by side, or from its edge to the same
   * height of the next column that has one. The columns' windows come along.
   */
  step(
    ids: readonly number[],
    labels: readonly string[],
    labelsOf: (id: number) => readonly string[],
    { chosen, across, down, wide }: { chosen: number | undefined; across: number; down: number; wide: number },
  ): number | undefined {
    const columns = [...membersOf(ids, labels, labelsOf)].map(([label, own]) => ({ label, own }));
    const height = heightOf(columns.length);
    const isHere = ({ own }: { own: readonly number[] }) => chosen !== undefined && own.includes(chosen);
    // A picture with two labels is in two columns: the arrows go on in the one that they came to.
    const last = columns.findIndex((column) => column.label === this.current && isHere(column));
    const at = last >= 0 ? last : columns.findIndex(isHere);
    const here = columns[at];
    if (!here || chosen === undefined) return columns.find(({ own }) => own.length > 0)?.own[0];
    const place = here.own.indexOf(chosen) - this.start(here);
    const side = place - wide * Math.floor(place / wide);
    const within = side + across >= 0 && side + across < wide;
    if (across === 0 || (within && here.own[this.start(here) + place + across] !== undefined)) {
      return this.enter(here, this.start(here) + place + across + down * wide, height, wide);
    }
    const line = Math.max(0, Math.floor(place / wide)) * wide;
    for (let i = at + across; i >= 0 && i < columns.length; i += across) {
      const column = columns[i];
      if (!column || column.own.length === 0) continue;
      const seen = Math.min(height, column.own.length - this.start(column));
      const edge = line + (across > 0 ? 0 : wide - 1);
      return this.enter(column, this.start(column) + Math.min(edge, seen - 1), height, wide);
    }
    return undefined;
  }

  private start({ label, own }: Column): number {
    return Math.min(this.from.get(label) ?? 0, Math.max(0, own.length - 1));
  }

  private enter(column: Column, place: number, height: number, wide: number): number | undefined {
    const id = column.own[place];
    if (id === undefined) return undefined;
    this.current = column.label;
    const from = this.start(column);
    // By whole lines: what lies below another stays below it.
    const lines = (by: number) => Math.ceil(by / wide) * wide;
    if (place < from) this.scroll(column.label, from - lines(from - place));
    else if (place >= from + height) this.scroll(column.label, from + lines(place - height + 1 - from));
    return id;
  }
}

interface Column {
  readonly label: string | null;
  readonly own: readonly number[];
}

const heightOf = (columns: number) => Math.max(FEWEST, Math.min(MOST, Math.floor(MAX_COLUMN_CELLS / columns)));

function membersOf(
  ids: readonly number[],
  labels: readonly string[],
  labelsOf: (id: number) => readonly string[],
): Map<string | null, number[]> {
  const members = new Map<string | null, number[]>([null, ...labels].map((label) => [label, []]));
  for (const id of ids) {
    const own = labelsOf(id);
    if (own.length === 0) members.get(null)?.push(id);
    for (const label of own) members.get(label)?.push(id);
  }
  return members;
}
