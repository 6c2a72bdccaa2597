/** The range of scores that the list is narrowed to, and the way out of it. */
import type { ScoreRange } from "../../../kernel-lib/protocol/index.js";
import { Button } from "../base/controls.js";

export function RangeChip({ range, onClear }: { range: ScoreRange; onClear: () => void }) {
  return <Button icon="cross" label={`${rangeText(range)}: show all scores`} onPress={onClear} />;
}

export function rangeText({ label, low, high }: ScoreRange): string {
  const of = label === null ? "score" : `score of ${label}`;
  const say = (end: number) => String(Number(end.toPrecision(3)));
  if (low !== null && low >= Number.MAX_VALUE) return `${of} above all`;
  if (low !== null && high !== null) return `${of} ${say(low)} to ${say(high)}`;
  if (low !== null) return `${of} from ${say(low)}`;
  return high === null ? of : `${of} below ${say(high)}`;
}
