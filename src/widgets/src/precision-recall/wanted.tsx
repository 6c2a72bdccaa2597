/** Picks a point by what is wanted of it: a precision, a recall, or the least cost. */
import { useSignal } from "@preact/signals";

import {
  pointOfCost,
  pointOfPrecision,
  pointOfRecall,
  type PrecisionRecallState,
} from "../../../kernel-lib/protocol/index.js";
import { Select } from "../base/controls.js";
import { useLive } from "../base/frame.js";

type Wish = "precision" | "recall" | "cost";

const WISHES: { readonly [wish in Wish]: string } = {
  precision: "a precision of at least",
  recall: "a recall of at least",
  cost: "the least cost",
};

export function Wanted({ state, onPick }: { state: PrecisionRecallState; onPick: (index: number) => void }) {
  const wish = useSignal<Wish>("precision");
  const share = useSignal(0.9);
  const wrong = useSignal(1);
  const missed = useSignal(1);
  const none = useSignal(false);
  const look = () => {
    const index = pointFor(state, wish.value, share.value, wrong.value, missed.value);
    none.value = index === undefined;
    if (index !== undefined) onPick(index);
  };
  const set = (field: { value: number }) => (value: number) => {
    field.value = value;
    look();
  };
  return (
    <div class="vt-row vt-wanted" role="group" aria-label="Pick by what is wanted">
      <Select
        label="Wanted"
        value={wish.value}
        options={Object.entries(WISHES).map(([value, title]) => ({ value, title }))}
        onChange={(chosen) => {
          wish.value = chosen as Wish;
          look();
        }}
      />
      {wish.value === "cost" ? (
        <>
          <NumberField label="A wrong one costs" value={wrong.value} max={undefined} onChange={set(wrong)} />
          <NumberField label="A missed one costs" value={missed.value} max={undefined} onChange={set(missed)} />
        </>
      ) : (
        <NumberField label={`Wanted ${wish.value}`} value={share.value} max={1} onChange={set(share)} />
      )}
      {none.value && <span role="status">No point of the curve reaches that.</span>}
    </div>
  );
}

function pointFor(state: PrecisionRecallState, wish: Wish, share: number, wrong: number, missed: number) {
  if (wish === "precision") return pointOfPrecision(state, share);
  return wish === "recall" ? pointOfRecall(state, share) : pointOfCost(state, wrong, missed);
}

interface NumberFieldProps {
  label: string;
  value: number;
  max: number | undefined;
  onChange: (value: number) => void;
}

function NumberField({ label, value, max, onChange }: NumberFieldProps) {
  const live = useLive().value;
  return (
    <label class="vt-field">
      <span class={max === undefined ? "vt-label" : "vt-visually-hidden"}>{label}</span>
      <input
        class="vt-text vt-number"
        type="number"
        min={0}
        max={max}
        step="any"
        disabled={!live}
        value={value}
        onChange={({ currentTarget: { valueAsNumber } }) => {
          if (valueAsNumber >= 0) onChange(valueAsNumber);
        }}
      />
    </label>
  );
}
