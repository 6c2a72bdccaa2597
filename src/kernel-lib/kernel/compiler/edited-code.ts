/** Code with text put in, and the way back to the places in the code as it was written. */

export interface Insertion {
  /** In the original code; the text goes before this place. */
  readonly at: number;
  readonly text: string;
}

/** Lines and columns count from 0. No insertion contains a line break, so lines are the same in both. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export class EditedCode {
  readonly original: string;
  readonly text: string;
  private readonly insertions: readonly Insertion[];

  /** `base` is what the texts are put into, where it is not the original itself; its places are the same. */
  constructor(original: string, insertions: readonly Insertion[] = [], base = original) {
    this.original = original;
    // Stable: texts for the same place stay in the order in which they were given.
    this.insertions = [...insertions].sort((a, b) => a.at - b.at);
    let text = "";
    let from = 0;
    for (const { at, text: inserted } of this.insertions) {
      text += base.slice(from, at) + inserted;
      from = at;
    }
    this.text = text + base.slice(from);
  }

  /** Where an offset of the edited text stood; within an insertion, the place that it was put before. */
  toOriginal(offset: number): number {
    let added = 0;
    for (const { at, text } of this.insertions) {
      if (offset <= at + added) break;
      if (offset < at + added + text.length) return at;
      added += text.length;
    }
    return offset - added;
  }

  /** The same for a line's column. */
  placeInOriginal({ line, column }: Place): Place {
    if (this.insertions.length === 0) return { line, column };
    const original = this.toOriginal(startOfLine(this.text, line) + column);
    return { line, column: original - startOfLine(this.original, line) };
  }
}

function startOfLine(text: string, line: number): number {
  let start = 0;
  for (let i = 0; i < line; i += 1) {
    const end = text.indexOf("\n", start);
    if (end < 0) return start;
    start = end + 1;
  }
  return start;
}
