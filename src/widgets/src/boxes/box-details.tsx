/** The chosen box in figures, with what can be done to it. */
import { BOX_FLAGS, type BoxesState, type BoxShape } from "../../../kernel-lib/protocol/index.js";
import { Button, Checkbox, Select } from "../base/controls.js";
import { useLive } from "../base/frame.js";
import { useUniqueId } from "../base/use-unique-id.js";
import type { BoxEditor } from "./box-editor.js";
import { short } from "./box-geometry.js";

export interface BoxDetailsProps {
  state: BoxesState;
  editor: BoxEditor;
}

const EDGES = [
  ["xmin", "Left"],
  ["ymin", "Top"],
  ["xmax", "Right"],
  ["ymax", "Bottom"],
] as const;

export function BoxDetails({ state, editor }: BoxDetailsProps) {
  const box = editor.chosenBox;
  const { row } = editor;
  if (!box || !row) return null;
  const limit = { xmin: row.width, xmax: row.width, ymin: row.height, ymax: row.height };
  return (
    <div class="vt-box-details" role="group" aria-label="Chosen box">
      <Select label="Label" value={box.label} options={state.labels} onChange={(label) => editor.relabel(label)} />
      <div class="vt-edges">
        {EDGES.map(([edge, title]) => (
          <EdgeField
            key={edge}
            title={title}
            value={box[edge]}
            most={limit[edge]}
            onChange={(value) => editor.place(withEdge(box, edge, value))}
          />
        ))}
      </div>
      <div class="vt-row">
        {BOX_FLAGS.map((flag) => (
          <Checkbox key={flag} label={flag} checked={box[flag]} onChange={() => editor.flag(flag)} />
        ))}
      </div>
      <div class="vt-row">
        <Button label="Duplicate" shortcut="D" onPress={() => editor.duplicate()} />
        <Button label="Delete" shortcut="Delete" kind="danger" onPress={() => editor.remove()} />
        <Button label="Front" shortcut="R" onPress={() => editor.order("front")} />
        <Button label="Back" shortcut="L" onPress={() => editor.order("back")} />
      </div>
    </div>
  );
}

interface EdgeFieldProps {
  title: string;
  value: number;
  most: number;
  onChange: (value: number) => void;
}

function EdgeField({ title, value, most, onChange }: EdgeFieldProps) {
  const id = useUniqueId();
  const live = useLive().value;
  return (
    <div class="vt-edge">
      <label class="vt-label" for={id}>
        {title}
      </label>
      <input
        id={id}
        class="vt-text"
        type="number"
        min={0}
        max={most}
        step="any"
        disabled={!live}
        // What is being typed outlives a redraw; another value is another field.
        key={short(value)}
        defaultValue={short(value)}
        onChange={(event) => {
          const typed = event.currentTarget.valueAsNumber;
          if (Number.isFinite(typed)) onChange(Math.min(most, Math.max(0, typed)));
        }}
      />
    </div>
  );
}

/** The box with one edge elsewhere; an edge that would pass the other stops a pixel before it. */
function withEdge({ xmin, ymin, xmax, ymax }: BoxShape, edge: keyof BoxShape, value: number): BoxShape {
  const shape = { xmin, ymin, xmax, ymax, [edge]: value };
  if (edge === "xmin") shape.xmin = Math.min(value, xmax - 1);
  if (edge === "ymin") shape.ymin = Math.min(value, ymax - 1);
  if (edge === "xmax") shape.xmax = Math.max(value, xmin + 1);
  if (edge === "ymax") shape.ymax = Math.max(value, ymin + 1);
  return shape;
}
