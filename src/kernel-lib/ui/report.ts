/**
 * An evaluation as one HTML file for people without a notebook: no script, nothing fetched, light or dark as the reader's page is.
 *
 * Metrics are pure and low in the layers, so the pictures and plots of a report are put together here; importing this module gives
 * both evaluations their `report` method.
 */
import { ClassificationEvaluation } from "../metrics/classification-evaluation.js";
import { DetectionEvaluation } from "../metrics/detection-evaluation.js";
import { type Interval, wilsonInterval } from "../metrics/interval.js";
import { findLabelErrors } from "../metrics/label-errors.js";
import {
  calibrationPlot,
  classBarsPlot,
  confusionMatrixPlot,
  errorCountsPlot,
  plotsAsSvg,
  type PlotSpec,
  type PlotTheme,
  precisionRecallPlot,
  rocCurvePlot,
  scoreHistogramPlot,
} from "../plots/index.js";
import { DARK_COLOURS, LIGHT_COLOURS } from "../protocol/index.js";
import { writeFileAtomic } from "../structures/atomic-file.js";
import { isVitrineError } from "../structures/errors.js";
import { integerOption, knownOptions, textOption } from "../structures/options.js";
import { describePlot } from "./describe-plot.js";
import { escapeHtml, tableHtml } from "./html.js";
import { pictureSheet } from "./picture-sheet.js";
import { tilesOf, worstClassified, worstDetected } from "./shown-mistakes.js";

export interface ReportOptions {
  /** At its head. Default "Evaluation". */
  title?: string;
  /** How many of the worst pictures it shows, at most 500. Default 24. */
  worst?: number;
}

declare module "../metrics/classification-evaluation.js" {
  interface ClassificationEvaluation {
    /** Writes one self-contained HTML file with figures, plots and the worst pictures. */
    report(path: string, options?: ReportOptions): Promise<void>;
  }
}

declare module "../metrics/detection-evaluation.js" {
  interface DetectionEvaluation {
    /** Writes one self-contained HTML file with figures, plots and the worst pictures, their boxes drawn. */
    report(path: string, options?: ReportOptions): Promise<void>;
  }
}

ClassificationEvaluation.prototype.report = function (path, options) {
  return writeReport(this, path, options);
};
DetectionEvaluation.prototype.report = function (path, options) {
  return writeReport(this, path, options);
};

/** @throws CannotWrite where the file can't be made */
export async function writeReport(
  evaluation: ClassificationEvaluation | DetectionEvaluation,
  path: string,
  options: ReportOptions = {},
): Promise<void> {
  textOption("path", path);
  knownOptions("report", options, ["title", "worst"]);
  const title = textOption("title", options.title ?? "Evaluation");
  const most = integerOption("worst", options.worst ?? 24, 0, 500);
  const body = isClassification(evaluation)
    ? await classificationBody(evaluation, most)
    : await detectionBody(evaluation, most);
  await writeFileAtomic(path, pageOf(title, body), "a report");
}

const isClassification = (
  evaluation: ClassificationEvaluation | DetectionEvaluation,
): evaluation is ClassificationEvaluation => "predictions" in evaluation;

async function classificationBody(evaluation: ClassificationEvaluation, most: number): Promise<string> {
  const probable = hasProbabilities(evaluation);
  const worst = worstClassified(evaluation);
  const plots = [
    confusionMatrixPlot(evaluation),
    precisionRecallPlot(evaluation),
    rocCurvePlot(evaluation),
    classBarsPlot(evaluation),
    scoreHistogramPlot(evaluation),
    ...(probable ? [calibrationPlot(evaluation)] : []),
  ];
  return [
    section("Figures", tableHtml(["figure", "value", "95 % interval"], classificationFigures(evaluation, probable))),
    section(
      "Classes",
      tableHtml(["class", "pictures", "precision", "recall", "F1", "average precision", "AUC"], classRows(evaluation)),
    ),
    section("Plots", plots.map(themedPlot).join("")),
    await picturesSection(
      "Worst pictures",
      "Wrong, with the lowest score of the true label first.",
      evaluation,
      worst,
      most,
    ),
    ...(probable ? [await suspectsSection(evaluation, most)] : []),
  ].join("");
}

function classificationFigures(evaluation: ClassificationEvaluation, probable: boolean): string[][] {
  const right = evaluation.truth.filter((truth, i) => truth === evaluation.predictions[i]).length;
  const sure: [string, number, Interval?][] = [
    ["Accuracy by class", evaluation.accuracy(), evaluation.interval(undefined, { resamples: 400 })],
    ["Accuracy overall", evaluation.accuracy({ average: "overall" }), wilsonInterval(right, evaluation.truth.length)],
    ["Average precision, over all classes", evaluation.averagePrecision()],
    ["AUC, over all classes", evaluation.auc()],
  ];
  if (probable) sure.push(["Log loss", evaluation.logLoss()], ["Calibration error", evaluation.calibrationError()]);
  return [
    ["Pictures", String(evaluation.truth.length), ""],
    ...sure.map(([name, value, interval]) => [name, say(value), sayInterval(interval)]),
  ];
}

function classRows(evaluation: ClassificationEvaluation): string[][] {
  return evaluation.precisionRecallF1().map(({ precision, recall, f1, support }, i) => {
    const label = evaluation.labels[i] ?? "";
    const there = support > 0;
    return [
      label,
      String(support),
      say(precision),
      there ? say(recall) : "–",
      there ? say(f1) : "–",
      there ? say(evaluation.averagePrecision(label)) : "–",
      say(evaluation.auc(label)),
    ];
  });
}

async function suspectsSection(evaluation: ClassificationEvaluation, most: number): Promise<string> {
  const suspects = findLabelErrors(evaluation);
  const said = new Map(
    suspects.map((one) => [one.index, `${one.label}, perhaps ${one.suggested} (${say(one.suggestedScore)})`]),
  );
  const tiles = tilesOf(evaluation, [...said.keys()].slice(0, most), (index) => said.get(index) ?? "");
  const note =
    suspects.length === 0
      ? "The model contradicts no label with confidence."
      : `${suspects.length} labels that confident learning doubts, the most doubtful first. They mean something only if the model was not trained on these pictures.`;
  return section("Doubtful labels", `<p>${note}</p>${await pictureSheet(tiles, SHEET)}`);
}

async function detectionBody(evaluation: DetectionEvaluation, most: number): Promise<string> {
  const coco = evaluation.coco();
  const { counts, dAP } = evaluation.errors();
  const figures: [string, number, Interval?][] = [
    [
      "Mean average precision at IoU 0.5",
      evaluation.averagePrecision(),
      evaluation.interval(undefined, { resamples: 200 }),
    ],
    ["COCO average precision, IoU 0.5 to 0.95", coco.ap],
    ["COCO average precision at IoU 0.75", coco.ap75],
    ["COCO average recall, 100 detections", coco.ar100],
  ];
  const classes = evaluation
    .counts()
    .map(({ label, right, wrong, missed, precision, recall }) => [
      label,
      say(evaluation.averagePrecision(label)),
      ...[right, wrong, missed].map(String),
      say(precision),
      say(recall),
    ]);
  const kinds = Object.entries(counts).map(([kind, count]) => [
    kind,
    String(count),
    say(dAP[kind as keyof typeof dAP]),
  ]);
  const plots = [
    precisionRecallPlot(evaluation),
    confusionMatrixPlot(evaluation),
    errorCountsPlot(evaluation),
    errorCountsPlot(evaluation, "dAP"),
  ];
  const pictures = [["Pictures", String(evaluation.truth.length), ""]];
  const rows = figures.map(([name, value, interval]) => [name, say(value), sayInterval(interval)]);
  return [
    section("Figures", tableHtml(["figure", "value", "95 % interval"], [...pictures, ...rows])),
    section(
      "Classes, at IoU 0.5 and a score of 0.5",
      tableHtml(["class", "AP", "right", "wrong", "missed", "precision", "recall"], classes),
    ),
    section("Errors by kind", tableHtml(["kind", "errors", "gain in AP without them"], kinds)),
    section("Plots", plots.map(themedPlot).join("")),
    await picturesSection("Worst pictures", BOXES_NOTE, evaluation, worstDetected(evaluation), most),
  ].join("");
}

const BOXES_NOTE =
  "Those with most mistakes first. Dashed boxes were detected, blue right and orange wrong; drawn-through ones were missed.";
const SHEET = { columns: 6, side: 180 };

async function picturesSection(
  title: string,
  note: string,
  evaluation: ClassificationEvaluation | DetectionEvaluation,
  worst: readonly number[],
  most: number,
): Promise<string> {
  if (worst.length === 0) return section(title, "<p>There is not one mistake.</p>");
  const tiles = tilesOf(evaluation, worst.slice(0, most));
  const unknown = evaluation.pictures ? "" : " The evaluation was made from scores alone: it knows no picture files.";
  return section(title, `<p>${worst.length} pictures. ${note}${unknown}</p>${await pictureSheet(tiles, SHEET)}`);
}

function hasProbabilities(evaluation: ClassificationEvaluation): boolean {
  try {
    evaluation.logLoss();
    return true;
  } catch (error) {
    if (isVitrineError(error, "InvalidOption")) return false;
    throw error;
  }
}

const section = (title: string, content: string): string =>
  `<section><h2>${escapeHtml(title)}</h2>${content}</section>`;
const say = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : "–");
const sayInterval = (interval?: Interval): string =>
  interval && interval.low < interval.high ? `${say(interval.low)} to ${say(interval.high)}` : "";

/** In the colours of the reader's page. */
function themedPlot(spec: PlotSpec): string {
  const description = describePlot(spec);
  const draw = (theme: PlotTheme, colours: readonly string[]) => {
    const svg = plotsAsSvg([{ spec, description, height: 400 }], { theme, colours, width: 560 });
    return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  };
  return (
    `<picture><source media="(prefers-color-scheme: dark)" srcset="${draw("dark", DARK_COLOURS)}">` +
    `<img src="${draw("light", LIGHT_COLOURS)}" alt="${escapeHtml(description)}" width="560" height="400"></picture>`
  );
}

function pageOf(title: string, body: string): string {
  const name = escapeHtml(title);
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title>` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1"><style>${STYLE}</style></head>` +
    `<body><main><h1>${name}</h1>${body}</main></body></html>\n`
  );
}

const STYLE = `:root{color-scheme:light dark}body{margin:0;font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",Arial,sans-serif;
background:light-dark(#fff,#15181c);color:light-dark(#1f2328,#e6e9ed)}main{max-width:1180px;margin:0 auto;padding:16px 24px}
h1{font-size:26px}h2{font-size:19px;margin:28px 0 8px}table{border-collapse:collapse}
td,th{padding:3px 12px 3px 0;border-bottom:1px solid light-dark(#dfe3e8,#343a42);font-variant-numeric:tabular-nums}
section>picture{display:inline-block;margin:0 8px 8px 0}section>picture img{max-width:100%;height:auto}`;
