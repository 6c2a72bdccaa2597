/** What the label tool's commands will do, before the kernel has said so. */
import type { AnnotationCommand, AnnotationRow, AnnotationState } from "../../../kernel-lib/protocol/index.js";
import { chosenRow } from "../picture/chosen-row.js";
import { changeRow, predictMark, predictPlace } from "../picture/predict-gallery.js";

export function predictAnnotation(state: AnnotationState, command: AnnotationCommand): AnnotationState | undefined {
  switch (command.type) {
    case "move":
      return choose(state, state.position + command.by);
    case "select":
      return choose(state, command.position);
    case "choose":
      return reveal(state, command.id);
    case "label":
      return label(state, command);
    case "unlabel":
      return changeLabels(state, command.id, () => []);
    case "flag":
      return state.selected > 0 ? state : predictMark(state, command);
    case "note":
      return predictMark(state, command);
    case "pictures":
    case "rows":
    case "keys":
    case "threshold":
    case "addLabel":
    case "train":
    case "stopTraining":
    case "scrollColumn":
    case "refresh":
      return state;
    default:
      return undefined;
  }
}

/** Another picture is chosen, and none is selected beside it. */
function choose(state: AnnotationState, position: number): AnnotationState | undefined {
  const after = predictPlace(state, position);
  if (!after || (after === state && state.selected === 0)) return after;
  const page = state.selected === 0 ? state.page : state.page.map((row) => ({ ...row, selected: false }));
  return { ...after, page, selected: 0, history: after === state ? state.history : [] };
}

function reveal(state: AnnotationState, id: number): AnnotationState | undefined {
  const place = placeOf(state, id);
  return place === undefined ? undefined : choose(state, place);
}

/** From a picture's own menu: it is chosen, too, but what is selected stays so. */
function revealBeside(state: AnnotationState, id: number): AnnotationState | undefined {
  const place = placeOf(state, id);
  const after = place === undefined ? undefined : predictPlace(state, place);
  return after && after !== state ? { ...after, history: [] } : after;
}

/** In the whole list; undefined where the picture is not on the page. */
function placeOf(state: AnnotationState, id: number): number | undefined {
  const place = state.page.findIndex((row) => row.id === id);
  const first = state.position - (state.position % (state.columns * state.rows));
  return place < 0 ? undefined : first + place;
}

function label(
  state: AnnotationState,
  { label: given, id, toggle = false }: Extract<AnnotationCommand, { type: "label" }>,
): AnnotationState | undefined {
  const place = id === undefined ? state : revealBeside(state, id);
  if (!place) return undefined;
  const after = changeLabels(place, id, (labels) => {
    if (!toggle) return [given];
    return labels.includes(given) ? labels.filter((one) => one !== given) : [...labels, given];
  });
  const advances = state.autoAdvance && id === undefined && !toggle && state.selected === 0;
  return advances ? choose(after, after.position + 1) : after;
}

/** Of the picture that is named, else of the chosen one; what several selected ones become is the kernel's to say. */
function changeLabels(
  state: AnnotationState,
  id: number | undefined,
  change: (labels: AnnotationRow["labels"]) => AnnotationRow["labels"],
): AnnotationState {
  if (id === undefined && state.selected > 0) return state;
  return changeRow(state, id ?? chosenRow(state)?.id, (row) => ({ ...row, labels: change(row.labels) }));
}
