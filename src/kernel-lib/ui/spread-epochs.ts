/** Of a long training, the epochs that a view shows. */
import { MOST_EPOCHS, type TrainingRow } from "../protocol/index.js";

/**
 * At most `most` rows, evenly spread, the last among them and that of `kept`; all of them where they are few. A row that was
 * left out stays out as more are added, until the gaps double: curves don't flicker.
 *
 * @param rows in the order of their epochs
 */
export function spreadEpochs(rows: readonly TrainingRow[], kept?: number, most = MOST_EPOCHS): TrainingRow[] {
  if (rows.length <= most) return [...rows];
  // Room for the last one and the kept one.
  const gap = 2 ** Math.ceil(Math.log2(rows.length / (most - 2)));
  const chosen: TrainingRow[] = [];
  // By steps and not by a filter over all: this runs after every epoch.
  for (let index = 0; index < rows.length; index += gap) chosen.push(...rows.slice(index, index + 1));
  const extra = [rows.at(-1), kept === undefined ? undefined : rows.find(({ epoch }) => epoch === kept)];
  for (const row of extra) if (row && !chosen.includes(row)) chosen.push(row);
  return chosen.sort((a, b) => a.epoch - b.epoch);
}
