/**
 * Two models side by side, as a cell's value: figures with intervals, both matrices, and the pictures that changed sides.
 *
 * ```ts
 * compare({ svm: evaluationA, head: evaluationB })
 * ```
 */
import { JUPYTER_DISPLAY, type MimeBundle } from "../comm/port.js";
import type { ClassificationEvaluation } from "../metrics/classification-evaluation.js";
import {
  type ChangedPicture,
  type ComparedFigure,
  compareEvaluations,
  type Comparison,
} from "../metrics/comparison.js";
import type { DetectionEvaluation } from "../metrics/detection-evaluation.js";
import type { BootstrapOptions, Interval } from "../metrics/interval.js";
import type { McNemarResult } from "../metrics/mcnemar.js";
import { confusionMatrixPlot, namedModels } from "../plots/index.js";
import { quote, VitrineError } from "../structures/errors.js";
import { escapeHtml, tableHtml, tableText } from "./html.js";
import { pictureSheet } from "./picture-sheet.js";
import { plotsAsImage } from "./plot-widget.js";
import { captionOf, tilesOf } from "./shown-mistakes.js";

type Evaluation = ClassificationEvaluation | DetectionEvaluation;

/** A notebook carries the pictures that are shown; all of them are in `changed`. */
const MOST_PICTURES = 24;

/** What `compare` gives. */
export class ModelComparison<E extends Evaluation = Evaluation> implements Comparison {
  /** Of the two models. */
  readonly names: readonly [string, string];
  readonly evaluations: readonly [E, E];
  readonly figures: ComparedFigure[];
  readonly changed: ChangedPicture[];
  readonly matrices: [number[][], number[][]];
  readonly mcnemar: McNemarResult;
  /** Of the intervals: "95 %". */
  private readonly confidence: string;

  constructor(names: readonly [string, string], evaluations: readonly [E, E], options: BootstrapOptions) {
    const { figures, changed, matrices, mcnemar } = compareEvaluations(evaluations, options);
    this.names = names;
    this.evaluations = evaluations;
    this.figures = figures;
    this.changed = changed;
    this.matrices = matrices;
    this.mcnemar = mcnemar;
    this.confidence = `${Number((100 * (options.confidence ?? 0.95)).toPrecision(4))} %`;
  }

  /** How a notebook shows it. */
  async [JUPYTER_DISPLAY](): Promise<MimeBundle> {
    return { "text/html": await this.html(), "text/plain": this.text() };
  }

  /** How Node prints it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.text();
  }

  /** Everything as an HTML fragment that needs no script and no other file. */
  async html(): Promise<string> {
    const matrices = this.evaluations.map((evaluation, i) => {
      const spec = confusionMatrixPlot(evaluation);
      const title = `Confusion matrix of ${this.names[i] ?? ""}`;
      return { spec: { ...spec, layout: { ...spec.layout, title: { text: title } } }, description: title, height: 400 };
    });
    const parts = [
      tableHtml(this.heads(), this.rows()),
      `<p>${escapeHtml(this.verdict())}</p>`,
      plotsAsImage(matrices),
    ];
    for (const side of ["lost", "gained"] as const) parts.push(await this.changedHtml(side));
    return parts.join("");
  }

  private text(): string {
    const sides = (["lost", "gained"] as const).map((side) => {
      const names = this.on(side).map(({ name }) => name);
      return `${this.sideTitle(side)}: ${names.slice(0, MOST_PICTURES).join(", ") || "none"}`;
    });
    return [tableText([this.heads(), ...this.rows()]), this.verdict(), ...sides].join("\n");
  }

  private heads(): string[] {
    return ["figure", ...this.names, `${this.names[1]} − ${this.names[0]}`];
  }

  private rows(): string[][] {
    return this.figures.map(({ name, values, intervals, difference, differenceInterval }) => [
      name,
      sayFigure(values[0], intervals[0]),
      sayFigure(values[1], intervals[1]),
      sayFigure(difference, differenceInterval, "+"),
    ]);
  }

  private verdict(): string {
    const { onlyFirst, onlySecond, pValue } = this.mcnemar;
    const [first, second] = this.names;
    return (
      `Only ${first} is right on ${onlyFirst}, only ${second} on ${onlySecond} pictures: as large a difference comes by chance ` +
      `with probability ${pValue < 0.001 ? "below 0.001" : pValue.toFixed(3)} (McNemar). ` +
      `Brackets: ${this.confidence} intervals, Wilson's for the overall accuracy, else by bootstrap; none where every draw is alike.`
    );
  }

  private on(side: ChangedPicture["side"]): ChangedPicture[] {
    return this.changed.filter((picture) => picture.side === side);
  }

  private sideTitle(side: ChangedPicture["side"]): string {
    const [first, second] = this.names;
    return side === "lost"
      ? `Better with ${first} (${this.on(side).length})`
      : `Better with ${second} (${this.on(side).length})`;
  }

  private async changedHtml(side: ChangedPicture["side"]): Promise<string> {
    const pictures = this.on(side).slice(0, MOST_PICTURES);
    const title = `<p><strong>${escapeHtml(this.sideTitle(side))}</strong></p>`;
    // The worse model's answer is the interesting one.
    const worse = this.evaluations[side === "lost" ? 1 : 0];
    const places = pictures.map(({ index }) => index);
    const tiles = tilesOf(worse, places);
    if (tiles.length > 0) return title + (await pictureSheet(tiles, { columns: 6, side: 140 }));
    const lines = pictures.map(({ index, name }) => `<li>${escapeHtml(`${name}: ${captionOf(worse, index)}`)}</li>`);
    return title + (lines.length > 0 ? `<ul>${lines.join("")}</ul>` : "<p>none</p>");
  }
}

function sayFigure(value: number, { low, high }: Interval, sign = ""): string {
  const say = (figure: number) => (Number.isNaN(figure) ? "–" : (figure > 0 ? sign : "") + figure.toFixed(3));
  if (Number.isNaN(value)) return "–";
  return low < high ? `${say(value)} [${say(low)}, ${say(high)}]` : say(value);
}

/**
 * Compares two evaluations of the same pictures, given as a list or by their models' names. Intervals are of 95 %, from 400 draws,
 * where nothing else is said.
 *
 * @throws InvalidOption where there are not two, or they are not of the same pictures and labels
 */
export function compare<E extends Evaluation>(
  models: readonly [E, E] | Readonly<Record<string, E>>,
  options: BootstrapOptions = {},
): ModelComparison<E> {
  const named = Array.isArray(models)
    ? (models as readonly E[]).map((evaluation, i) => ({ name: i === 0 ? "first" : "second", evaluation }))
    : (namedModels(models as Readonly<Record<string, E>>) ?? []);
  const [first, second] = named;
  if (!first || !second || named.length > 2) {
    const received = quote(named.length);
    throw new VitrineError("InvalidOption", { option: "models", expected: "two evaluations", received });
  }
  return new ModelComparison([first.name, second.name], [first.evaluation, second.evaluation], options);
}
