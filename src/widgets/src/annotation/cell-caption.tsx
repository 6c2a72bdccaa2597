/** Below a picture of the grid: its name, and its label as a menu. */
import type { AnnotationCommand, AnnotationRow } from "../../../kernel-lib/protocol/index.js";
import { useLive } from "../base/frame.js";
import { labelColour } from "../picture/label-colours.js";
import { focusChosen } from "../picture/picture-grid.js";

export interface CellCaptionProps {
  cell: AnnotationRow;
  chosen: boolean;
  labels: readonly string[];
  send: (command: AnnotationCommand) => void;
}

export function CellCaption({ cell, chosen, labels, send }: CellCaptionProps) {
  const live = useLive().value;
  const [first, ...more] = cell.labels;
  // Several labels, or none, are no choice of the menu: they are shown as what there is now.
  const now = first !== undefined && more.length === 0 ? `one:${first}` : "now";
  const choose = (select: HTMLSelectElement) => {
    send({ type: "label", label: select.value.slice("one:".length), id: cell.id });
    const grid = select.closest<HTMLElement>('[role="grid"]');
    if (grid) focusChosen(grid);
  };
  return (
    <>
      <span class="vt-cell-name" title={cell.name} aria-hidden="true">
        {cell.name}
      </span>
      <span class="vt-cell-label" style={{ "--vt-label": labelColour(labels, first) }}>
        <select
          class="vt-select"
          aria-label={`Label of ${cell.name}`}
          tabIndex={chosen ? 0 : -1}
          disabled={!live}
          value={now}
          onChange={(event) => choose(event.currentTarget)}
        >
          {now === "now" && <option value="now">{cell.labels.join(", ") || "no label"}</option>}
          {labels.map((label) => (
            <option key={label} value={`one:${label}`}>
              {label}
            </option>
          ))}
        </select>
      </span>
    </>
  );
}
