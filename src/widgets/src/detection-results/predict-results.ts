/** What is done to the true boxes among a detector's results, before the kernel has said so. */
import {
  editedBoxes,
  isBoxEdit,
  type DetectionResultsCommand,
  type DetectionResultsRow,
  type DetectionResultsState,
  type BoxEdit,
} from "../../../kernel-lib/protocol/index.js";
import { changeRow, predictBrowsing, predictMark } from "../picture/predict-gallery.js";

type State = DetectionResultsState;

export function predictDetectionResults(state: State, command: DetectionResultsCommand): State | undefined {
  if (isBoxEdit(command)) return changeRow(state, command.id, (row) => edited(row, command));
  switch (command.type) {
    case "flag":
    case "note":
      return predictMark(state, command);
    case "move":
    case "select":
      return predictBrowsing(state, command);
    case "pictures":
      return state;
    default:
      return undefined;
  }
}

/** What a changed box is to the detector is not known yet: it keeps its verdict, and a new one has none. */
function edited(row: DetectionResultsRow, edit: BoxEdit): DetectionResultsRow {
  const boxes = editedBoxes(row.truth, edit, row);
  return { ...row, truth: boxes.map((box) => ({ verdict: "ignored", ...box })) };
}
