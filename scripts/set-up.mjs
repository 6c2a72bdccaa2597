/**
 * The set-up: each step once, in order, and again only where what it is made from has changed or its products are gone.
 *
 * A step's stamp is removed before it runs and written after it: whatever interrupts it, the next run does that step again.
 * @module
 */
import path from "node:path";

import { setupCache } from "./places.mjs";
import { seconds, startProgress } from "./progress.mjs";
import { withLock } from "./setup-lock.mjs";
import { Stamps } from "./stamps.mjs";
import { labSettingsStep } from "./steps/lab-settings.mjs";
import { kernelspecStep } from "./steps/kernelspec.mjs";
import { labextensionStep } from "./steps/labextension.mjs";
import { npmPackagesStep } from "./steps/npm-packages.mjs";
import { pythonPackagesStep } from "./steps/python-packages.mjs";
import { typescriptStep } from "./steps/typescript-build.mjs";
import { engineStep } from "./steps/engine.mjs";

/** @typedef {import("./progress.mjs").Output} Output */
/**
 * @typedef {object} Step
 * @property {string} title
 * @property {() => Promise<string>} inputs a hash of everything that the step's products are made from
 * @property {() => Promise<boolean>} done whether its products are there
 * @property {(report: (line: string) => void) => Promise<string | undefined | void>} run makes them; the sentence is shown at the end
 */

/** In an order in which each finds what it needs. @type {readonly Step[]} */
export const STEPS = [
  npmPackagesStep,
  pythonPackagesStep,
  labSettingsStep,
  engineStep,
  typescriptStep,
  kernelspecStep,
  labextensionStep,
];

/** What only the build makes; `npm run build` does no more. @type {readonly Step[]} */
export const BUILD_STEPS = [typescriptStep, labextensionStep];

/**
 * @param {readonly Step[]} steps
 * @param {Stamps} stamps
 * @param {Output} output
 * @returns {Promise<{ ran: number, notes: string[] }>} how many were run, and what those that were not had ended with
 */
export async function runSteps(steps, stamps, output) {
  let ran = 0;
  /** @type {string[]} */
  const notes = [];
  for (const step of steps) {
    const stamp = await stamps.read(step.title);
    if (stamp?.hash === (await step.inputs()) && (await step.done())) {
      if (stamp.note !== undefined) notes.push(stamp.note);
      continue;
    }
    ran += 1;
    await runStep(step, stamps, output);
  }
  return { ran, notes };
}

/**
 * @param {Step} step
 * @param {Stamps} stamps
 * @param {Output} output
 */
async function runStep(step, stamps, output) {
  await stamps.remove(step.title);
  const progress = startProgress(step.title, output);
  try {
    const note = (await step.run(progress.report)) ?? undefined;
    // After the run: a step may depend on what an earlier one has just brought.
    const hash = await step.inputs();
    await stamps.write(step.title, note === undefined ? { hash } : { hash, note });
    progress.done(note);
  } catch (error) {
    progress.failed();
    throw error;
  }
}

/**
 * Sets the workshop up.
 * @param {Output} [output] where to print; a script whose stdout is read by a program takes stderr
 * @param {readonly Step[]} [steps]
 */
export async function setUp(output = process.stdout, steps = STEPS) {
  const started = Date.now();
  const onWait = (/** @type {number} */ owner) => {
    output.write(`Another set-up of this clone is running (process ${owner}); waiting for it.\n`);
  };
  const lock = path.join(setupCache, "lock");
  const { ran, notes } = await withLock(lock, onWait, () => runSteps(steps, new Stamps(setupCache), output));
  const elapsed = seconds(Date.now() - started);
  const known = notes.length > 0 ? `: ${notes.join("; ")}` : "";
  output.write(ran === 0 ? `Everything is set up (checked in ${elapsed})${known}\n` : `Set up in ${elapsed}\n`);
}
