/** The boxes of the picture as a list: what the drawing shows, for ears and for keys too. */
import type { BoxesState, LabelledBox } from "../../../kernel-lib/protocol/index.js";
import { useUniqueId } from "../base/use-unique-id.js";
import { labelColour } from "../picture/label-colours.js";
import type { BoxEditor } from "./box-editor.js";
import { describeBox, flagsOf } from "./box-text.js";
import { sizeText } from "./box-geometry.js";

export interface BoxListProps {
  state: BoxesState;
  editor: BoxEditor;
  name: string;
}

export function BoxList({ state, editor, name }: BoxListProps) {
  const id = useUniqueId();
  const boxes = editor.boxes.value;
  const chosen = editor.chosen.value;
  if (boxes.length === 0) {
    return <p class="vt-muted vt-no-boxes">No box yet: drag over the picture, or press N and use the arrow keys.</p>;
  }
  return (
    <div
      class="vt-box-list"
      role="listbox"
      tabIndex={0}
      aria-label={`Boxes of ${name}`}
      aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
      onKeyDown={(event) => moveInList(event, editor)}
    >
      {boxes.map((box, index) => (
        <div
          key={index}
          id={`${id}-${index}`}
          class="vt-box-item"
          role="option"
          aria-selected={index === chosen}
          style={{ "--vt-label": labelColour(state.labels, box.label) }}
          onClick={() => editor.choose(index)}
        >
          <span class="vt-visually-hidden">{describeBox(box)}</span>
          <span class="vt-box-item-label" aria-hidden="true">
            {box.label}
          </span>
          <FlagTags box={box} />
          <span class="vt-muted" aria-hidden="true">
            {sizeText(box)}
          </span>
        </div>
      ))}
    </div>
  );
}

function FlagTags({ box }: { box: LabelledBox }) {
  return (
    <>
      {flagsOf(box).map((flag) => (
        <span class="vt-tag" key={flag} title={flag} aria-hidden="true">
          {flag.slice(0, 1).toUpperCase()}
        </span>
      ))}
    </>
  );
}

function moveInList(event: KeyboardEvent, editor: BoxEditor): void {
  const last = editor.boxes.value.length - 1;
  const targets: { [key: string]: number | undefined } = {
    ArrowDown: Math.min(last, editor.chosen.value + 1),
    ArrowUp: Math.max(0, editor.chosen.value - 1),
    Home: 0,
    End: last,
  };
  const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
  const target = plain ? targets[event.key] : undefined;
  if (target === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  editor.choose(target);
}
