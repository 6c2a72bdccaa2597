/** What the model is doing, and what can be asked of it: to learn, and to label what it is sure of. */
import type { AnnotationCommand, AnnotationState } from "../../../kernel-lib/protocol/index.js";
import { Button, Progress, Slider } from "../base/controls.js";

export interface ModelBarProps {
  state: AnnotationState;
  send: (command: AnnotationCommand) => void;
}

export function ModelBar({ state, send }: ModelBarProps) {
  const { model, threshold, sureSuggestions } = state;
  if (model.phase === "none") return null;
  const busy = model.phase === "scoring" || model.phase === "training";
  return (
    <div class="vt-model" role="group" aria-label="Model">
      <div class="vt-row">
        {model.trainable && !busy && (
          <Button
            label={model.newLabels > 0 ? `Train (${model.newLabels} new)` : "Train"}
            shortcut="T"
            kind={model.phase === "untrained" ? "primary" : "plain"}
            onPress={() => send({ type: "train" })}
          />
        )}
        {busy && <Button icon="stop" label="Stop" shortcut="T" onPress={() => send({ type: "stopTraining" })} />}
        {busy ? (
          <Progress label="Model" value={model.progress} max={1} text={model.text} />
        ) : (
          <span class="vt-muted">The model: {model.text}</span>
        )}
      </div>
      {model.orders.length > 2 && (
        <div class="vt-row">
          <Slider
            label="Sure from"
            value={threshold}
            min={0}
            max={1}
            step={0.01}
            format={(value) => `${Math.round(value * 100)} %`}
            onInput={(value) => send({ type: "threshold", threshold: value })}
          />
          <Button
            label={`Accept all ${sureSuggestions}`}
            shortcut="Shift+Enter"
            disabled={sureSuggestions === 0}
            onPress={() => send({ type: "acceptAll" })}
          />
        </div>
      )}
    </div>
  );
}
