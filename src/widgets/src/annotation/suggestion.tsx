/** What the model takes the chosen picture for. */
import type { AnnotationCommand, AnnotationRow, AnnotationState } from "../../../kernel-lib/protocol/index.js";
import { Button } from "../base/controls.js";
import { labelColour } from "../picture/label-colours.js";

export interface SuggestionProps {
  state: AnnotationState;
  row: AnnotationRow;
  send: (command: AnnotationCommand) => void;
}

export function Suggestion({ state, row, send }: SuggestionProps) {
  const { suggestion } = row;
  if (!suggestion) return null;
  return (
    <div class="vt-suggestion" role="group" aria-label="Suggestion" data-agrees={suggestion.agrees}>
      <span class="vt-suggestion-label" style={{ "--vt-label": labelColour(state.labels, suggestion.label) }}>
        The model: <strong>{suggestion.label}</strong> {percent(suggestion.score)}
      </span>
      {!suggestion.agrees && (
        <>
          <Button label="Accept" shortcut="Enter" kind="primary" onPress={() => send({ type: "accept" })} />
          <Button label="Reject" shortcut="Q" onPress={() => send({ type: "reject" })} />
        </>
      )}
      {suggestion.agrees && <span class="vt-muted">as it is labelled</span>}
    </div>
  );
}

export const percent = (score: number): string => `${Math.round(score * 100)} %`;
