/** The boxes of a picture as lists that say in words what the picture shows by colour and line; a wrong one is mended here. */
import type { Signal } from "@preact/signals";

import type {
  DetectionResultsCommand,
  DetectionResultsRow,
  FoundBox,
  FoundVerdict,
  TruthBox,
  TruthVerdict,
} from "../../../kernel-lib/protocol/index.js";
import { Button, Select } from "../base/controls.js";

/** `index` is the place among the picture's objects, or among all its detections. */
export interface ChosenBox {
  of: "truth" | "found";
  index: number;
}

interface ListProps {
  row: DetectionResultsRow;
  chosen: Signal<ChosenBox | undefined>;
  send: (command: DetectionResultsCommand) => void;
}

const FOUND_WORDS: { readonly [verdict in FoundVerdict]: string } = {
  right: "right",
  mislabelled: "wrong label",
  spurious: "nothing there",
  ignored: "on a difficult object",
};

const TRUTH_WORDS: { readonly [verdict in TruthVerdict]: string } = {
  found: "found",
  mislabelled: "taken for another",
  missed: "missed",
  ignored: "difficult, not counted",
};

export function FoundList({ row, chosen, send }: ListProps) {
  return (
    <section class="vt-verdicts" aria-label="Detected">
      <strong>Detected ({row.found.length})</strong>
      {row.found.map((box) => (
        <FoundItem key={box.place} {...{ row, box, chosen, send }} />
      ))}
    </section>
  );
}

function FoundItem({ row, box, chosen, send }: ListProps & { box: FoundBox }) {
  const { place, label, score, verdict, pair } = box;
  const own = chosen.value?.of === "found" && chosen.value.index === place;
  const overlap = pair ? `, overlap ${pair.iou.toFixed(2)}` : "";
  return (
    <div class="vt-verdict-item" data-verdict={verdict}>
      <Button
        local
        pressed={own}
        label={`${label} ${score.toFixed(2)}: ${FOUND_WORDS[verdict]}${overlap}`}
        onPress={() => (chosen.value = own ? undefined : { of: "found", index: place })}
      />
      {own && pair === null && (
        <Button label="It is there: add it" onPress={() => send({ type: "adoptBox", id: row.id, place })} />
      )}
      {own && pair && (
        <Button
          label="Its outline is better: take it"
          onPress={() => send({ type: "fitBox", id: row.id, index: pair.truth, place })}
        />
      )}
    </div>
  );
}

export function TruthList({ row, labels, chosen, send }: ListProps & { labels: readonly string[] }) {
  return (
    <section class="vt-verdicts" aria-label="Ground truth">
      <strong>Ground truth ({row.truth.length})</strong>
      {row.truth.map((box, index) => (
        <TruthItem key={index} {...{ row, box, index, labels, chosen, send }} />
      ))}
    </section>
  );
}

function TruthItem({
  row,
  box,
  index,
  labels,
  chosen,
  send,
}: ListProps & { box: TruthBox; index: number; labels: readonly string[] }) {
  const own = chosen.value?.of === "truth" && chosen.value.index === index;
  return (
    <div class="vt-verdict-item" data-verdict={box.verdict}>
      <Button
        local
        pressed={own}
        label={`${box.label}: ${TRUTH_WORDS[box.verdict]}`}
        onPress={() => (chosen.value = own ? undefined : { of: "truth", index })}
      />
      {own && (
        <>
          <Select
            label="It is"
            value={box.label}
            options={labels}
            onChange={(label) => send({ type: "relabelBox", id: row.id, index, label })}
          />
          <Button label="Not there: remove it" onPress={() => send({ type: "removeBox", id: row.id, index })} />
        </>
      )}
    </div>
  );
}
