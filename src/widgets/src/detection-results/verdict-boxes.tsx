/** True and detected boxes over a picture: what is true by a drawn-through line, what was detected by dashes, right and wrong by colour. */
import type { DetectionResultsRow, FoundVerdict, TruthBox, TruthVerdict } from "../../../kernel-lib/protocol/index.js";
import { BoxOverlay, type OverlayBox } from "../picture/box-overlay.js";
import type { PictureView } from "../picture/zoom.js";
import type { ChosenBox } from "./box-lists.js";

const [RIGHT, WRONG, MISSED, NEITHER] = ["#56b4e9", "#e8862e", "#f0e442", "#a8adb4"];

const TRUTH_COLOURS: { readonly [verdict in TruthVerdict]: string } = {
  found: RIGHT,
  mislabelled: MISSED,
  missed: MISSED,
  ignored: NEITHER,
};

export const FOUND_COLOURS: { readonly [verdict in FoundVerdict]: string } = {
  right: RIGHT,
  mislabelled: WRONG,
  spurious: WRONG,
  ignored: NEITHER,
};

export interface VerdictBoxesProps {
  row: DetectionResultsRow;
  view: PictureView;
  chosen: ChosenBox | undefined;
}

/** Texts only where they say something new: a right detection has its object's label. */
export function VerdictBoxes({ row, view, chosen }: VerdictBoxesProps) {
  const boxes: OverlayBox[] = [
    ...row.truth.map((box, index) => ({
      ...box,
      ...truthLook(box),
      chosen: chosen?.of === "truth" && chosen.index === index,
    })),
    ...foundBoxes(row, chosen),
  ];
  return <BoxOverlay view={view} boxes={boxes} />;
}

/** Without a text where the detection that stands for it has the same. */
export const truthLook = ({ verdict, label }: TruthBox) => ({
  text: verdict === "found" ? "" : label,
  colour: TRUTH_COLOURS[verdict],
});

export function foundBoxes({ found }: DetectionResultsRow, chosen: ChosenBox | undefined): OverlayBox[] {
  return found.map((box) => ({
    ...box,
    text: `${box.label} ${box.score.toFixed(2)}`,
    colour: FOUND_COLOURS[box.verdict],
    dashed: true,
    chosen: chosen?.of === "found" && chosen.index === box.place,
  }));
}

const LEGEND = [
  { colour: RIGHT, dashed: false, text: "there, and found" },
  { colour: RIGHT, dashed: true, text: "found, and right" },
  { colour: WRONG, dashed: true, text: "found, and wrong" },
  { colour: MISSED, dashed: false, text: "missed, or taken for another" },
] as const;

/** What lines and colours over the picture mean. */
export function VerdictLegend() {
  return (
    <ul class="vt-legend" aria-label="Boxes in the picture">
      {LEGEND.map(({ colour, dashed, text }) => (
        <li key={text}>
          <svg width="26" height="12" aria-hidden="true">
            <path d="M2 6h22" stroke={colour} stroke-width="3" stroke-dasharray={dashed ? "6 4" : undefined} />
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
}

/** The same over a small picture, without texts. */
export function CellVerdicts({ row }: { row: DetectionResultsRow }) {
  const stroke = Math.max(row.width, row.height) / 90;
  const rect = (
    key: string,
    box: DetectionResultsRow["truth"][number] | DetectionResultsRow["found"][number],
    colour: string,
    dashed: boolean,
  ) => (
    <rect
      key={key}
      x={box.xmin}
      y={box.ymin}
      width={Math.max(0, box.xmax - box.xmin)}
      height={Math.max(0, box.ymax - box.ymin)}
      fill="none"
      stroke={colour}
      stroke-width={stroke}
      stroke-dasharray={dashed ? `${3 * stroke} ${2 * stroke}` : undefined}
    />
  );
  return (
    <svg class="vt-cell-verdicts" viewBox={`0 0 ${row.width} ${row.height}`}>
      {row.truth.map((box, i) => rect(`truth ${i}`, box, TRUTH_COLOURS[box.verdict], false))}
      {row.found.map((box) => rect(`found ${box.place}`, box, FOUND_COLOURS[box.verdict], true))}
    </svg>
  );
}
