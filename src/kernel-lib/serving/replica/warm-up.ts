/** The first computations of a model, which are slow: nobody should wait for them. They also tell how many pictures to compute together. */
import type { ServedModel } from "../models/served-model.js";
import { samplePicture } from "./sample-picture.js";

/** What one of two pictures must gain by the other's company. */
const WORTH = 1.1;

/** Where company is worth little: so the one is computed while the next is decoded, and none waits for many others. */
const COMPANY = 2;

/** Takes of each, by turns: whatever else the machine does makes some of them longer, so the shortest count. */
const TURNS = { most: 6, least: 2 };

/** Milliseconds after which there are no more turns than the least: nobody waits long for a large model. */
const PATIENCE = 500;

/**
 * Resolves with how many pictures are worth computing together, `maxBatch` at most. A small network gains by every one more; a large one,
 * which keeps its threads busy with a single picture, gains nothing but that pictures wait for each other.
 *
 * @param clock milliseconds
 */
export async function warmUp(model: ServedModel, maxBatch: number, clock = () => performance.now()): Promise<number> {
  const prepared = await model.prepare({ picture: await samplePicture() }, {});
  const take = async (count: number) => {
    const started = clock();
    await model.score(Array.from({ length: count }, () => prepared));
    return clock() - started;
  };
  await take(1);
  if (maxBatch === 1) return 1;
  await take(COMPANY);
  const began = clock();
  let [one, two] = [Infinity, Infinity];
  for (let turn = 0; turn < TURNS.least || (turn < TURNS.most && clock() - began < PATIENCE); turn++) {
    one = Math.min(one, await take(1));
    two = Math.min(two, await take(COMPANY));
  }
  if (COMPANY * one < WORTH * two) return COMPANY;
  if (maxBatch > COMPANY) await take(maxBatch);
  return maxBatch;
}
