/** What the model sees in the picture: accepted one by one, or all that are sure enough. */
import type { BoxesCommand, BoxesRow, BoxesState } from "../../../kernel-lib/protocol/index.js";
import { Button, Slider } from "../base/controls.js";
import { sizeText } from "./box-geometry.js";

export interface SuggestionsProps {
  state: BoxesState;
  row: BoxesRow;
  send: (command: BoxesCommand) => void;
}

export function Suggestions({ state, row, send }: SuggestionsProps) {
  const { suggestions, threshold, sureSuggestions } = state;
  return (
    <div class="vt-suggestions" role="group" aria-label="Suggestions of the model">
      {suggestions.length === 0 && <span class="vt-muted">The model has no suggestion for this picture.</span>}
      <ul>
        {suggestions.map((suggestion, index) => (
          <li key={index}>
            <span>
              {suggestion.label} {Math.round(suggestion.score * 100)} %{" "}
              <span class="vt-muted">{sizeText(suggestion)}</span>
            </span>
            <Button
              icon="check"
              iconOnly
              label={`Accept ${suggestion.label}`}
              onPress={() => send({ type: "acceptBox", id: row.id, index })}
            />
            <Button
              icon="cross"
              iconOnly
              label={`Reject ${suggestion.label}`}
              onPress={() => send({ type: "rejectBox", id: row.id, index })}
            />
          </li>
        ))}
      </ul>
      <Slider
        label="At least"
        value={threshold}
        min={0}
        max={1}
        step={0.01}
        format={(value) => `${Math.round(value * 100)} %`}
        onInput={(value) => send({ type: "threshold", threshold: value })}
      />
      <Button
        label={`Accept ${sureSuggestions} in all pictures`}
        shortcut="Shift+Enter"
        disabled={sureSuggestions === 0}
        onPress={() => send({ type: "acceptBoxes" })}
      />
    </div>
  );
}
