/** What the box tool's commands will do, before the kernel has said so. */
import {
  editedBoxes,
  isBoxEdit,
  type BoxesCommand,
  type BoxesRow,
  type BoxesState,
} from "../../../kernel-lib/protocol/index.js";
import { changeRow, predictBrowsing, predictMark } from "../picture/predict-gallery.js";

export function predictBoxes(state: BoxesState, command: BoxesCommand): BoxesState | undefined {
  if (isBoxEdit(command)) {
    const change = (row: BoxesRow) => ({ ...row, boxes: editedBoxes(row.boxes, command, row) });
    return besidePrevious(changeRow(state, command.id, change));
  }
  switch (command.type) {
    case "flag":
    case "note":
      return predictMark(state, command);
    case "move":
    case "select":
      return elsewhere(state, predictBrowsing(state, command));
    case "pictures":
    case "keys":
    case "threshold":
    case "addLabel":
    case "refresh":
      return state;
    default:
      return undefined;
  }
}

/** What was said of the picture before is not said of the next one. */
function elsewhere(before: BoxesState, after: BoxesState | undefined): BoxesState | undefined {
  if (!after || after.position === before.position) return after;
  return { ...after, suggestions: [], previousBoxes: previousRow(after)?.boxes.length ?? 0 };
}

/** A box of the picture before is one more that can be copied. */
function besidePrevious(state: BoxesState): BoxesState {
  const boxes = previousRow(state)?.boxes.length;
  return boxes === undefined || boxes === state.previousBoxes ? state : { ...state, previousBoxes: boxes };
}

/** The picture before the chosen one, where it is on the page. */
const previousRow = ({ page, position, columns, rows }: BoxesState) => page[(position % (columns * rows)) - 1];
