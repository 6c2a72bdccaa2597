/** Which pictures are nearly the same, as pairs and as groups; in a cell with the pictures. */
import type { AnnotatedImage } from "../annotated-image.js";
import { escapeHtml, printable } from "../dataset-info.js";
import { contactSheet } from "../thumbnail.js";

export interface DuplicatePair<I> {
  readonly a: I;
  readonly b: I;
  /** Bits of the hash that differ, or 1 − the cosine of the features. */
  readonly distance: number;
}

const SHOWN = 12;

/** Which pictures are nearly the same, as pairs and as groups; as a cell's value it shows them. */
export class DuplicateReport<I extends AnnotatedImage> {
  /** The nearest first. */
  readonly pairs: readonly DuplicatePair<I>[];
  /** Pictures that are connected by pairs, the biggest group first. */
  readonly groups: readonly (readonly I[])[];
  private readonly title: string;
  private readonly compared: number;
  private readonly sheet: string | undefined;

  private constructor(title: string, pairs: readonly DuplicatePair<I>[], compared: number, sheet: string | undefined) {
    this.title = title;
    this.pairs = pairs;
    this.groups = groupsOf(pairs);
    this.compared = compared;
    this.sheet = sheet;
  }

  static async of<I extends AnnotatedImage>(
    title: string,
    pairs: readonly DuplicatePair<I>[],
    compared: number,
  ): Promise<DuplicateReport<I>> {
    return new DuplicateReport(title, pairs, compared, pairs.length === 0 ? undefined : await sheetOf(pairs));
  }

  [Symbol.for("Jupyter.display")](): { [mime: string]: unknown } {
    const text = this.text();
    if (this.sheet === undefined) return { "text/plain": text };
    const alt = escapeHtml(`${this.title}: ${this.pairs.slice(0, SHOWN).map(pairText).join("; ")}`);
    const picture = `<img src="data:image/jpeg;base64,${this.sheet}" alt="${alt}" style="max-width: 100%">`;
    return { "text/plain": text, "text/html": `<p>${escapeHtml(this.sentence())}</p>${picture}` };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.text();
  }

  private text(): string {
    const lines = this.pairs.slice(0, SHOWN).map((pair) => `  ${printable(pairText(pair))}`);
    const more = this.pairs.length - lines.length;
    return [this.sentence(), ...lines, ...(more > 0 ? [`  … and ${more} more`] : [])].join("\n");
  }

  private sentence(): string {
    const { title, compared, pairs, groups } = this;
    if (pairs.length === 0) return `${title}: none among ${compared} pictures.`;
    const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
    return `${title}: ${counted(pairs.length, "pair")} in ${counted(groups.length, "group")} among ${compared} pictures.`;
  }
}

const pairText = ({ a, b, distance }: DuplicatePair<AnnotatedImage>) =>
  `${a.name} and ${b.name} (${Number(distance.toFixed(4))})`;

async function sheetOf(pairs: readonly DuplicatePair<AnnotatedImage>[]): Promise<string> {
  const items = pairs.slice(0, SHOWN).flatMap(({ a, b }) => [a, b]);
  const tiles = items.map(({ storagePath, name }) => ({ source: storagePath, caption: name }));
  const { bytes } = await contactSheet(tiles, { columns: 4, side: 160 });
  return Buffer.from(bytes).toString("base64");
}

function groupsOf<I>(pairs: readonly DuplicatePair<I>[]): I[][] {
  const groupOf = new Map<I, Set<I>>();
  for (const { a, b } of pairs) {
    const [first, second] = [groupOf.get(a) ?? new Set([a]), groupOf.get(b) ?? new Set([b])];
    const [big, small] = first.size >= second.size ? [first, second] : [second, first];
    for (const image of small) {
      big.add(image);
      groupOf.set(image, big);
    }
    for (const image of [a, b]) groupOf.set(image, big);
  }
  return [...new Set(groupOf.values())].map((group) => [...group]).sort((x, y) => y.length - x.length);
}
