/** All labels with their keys and how many pictures have each: what the chosen picture is stands out, a click changes it. */
import type { AnnotationCommand, AnnotationRow, AnnotationState } from "../../../kernel-lib/protocol/index.js";
import { Checkbox } from "../base/controls.js";
import { labelColour } from "../picture/label-colours.js";
import { LabelChip, LabelField } from "../picture/label-chip.js";

export interface LabelPaletteProps {
  state: AnnotationState;
  row: AnnotationRow;
  send: (command: AnnotationCommand) => void;
}

export function LabelPalette({ state, row, send }: LabelPaletteProps) {
  return (
    <div class="vt-palette">
      <div class="vt-palette-labels" role="group" aria-label={`Labels of ${row.name}`}>
        {state.labels.map((label, i) => (
          <LabelChip
            key={label}
            label={label}
            place={i}
            count={state.counts[i] ?? 0}
            unit="picture"
            pressed={row.labels.includes(label)}
            colour={labelColour(state.labels, label)}
            onPress={(event) =>
              send({ type: "label", label, toggle: event.shiftKey || event.ctrlKey || event.metaKey })
            }
          />
        ))}
      </div>
      <div class="vt-row">
        <LabelField
          labels={state.labels}
          onLabel={(label, known) => {
            if (!known) send({ type: "addLabel", label });
            send({ type: "label", label });
          }}
        />
        <Checkbox
          label="Next picture after a label key"
          checked={state.autoAdvance}
          onChange={(on) => send({ type: "autoAdvance", on })}
        />
      </div>
    </div>
  );
}
