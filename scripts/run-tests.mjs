/**
 * `npm test`: the set-up, a Chromium, the checks and all tests. Its last line counts them.
 * @module
 */
import { ensureChromium } from "./chromium-finder.mjs";
import { parseOptions } from "./command-line.mjs";
import { seconds, startProgress } from "./progress.mjs";
import { endChildrenWithUs } from "./processes.mjs";
import { printError, SetUpError } from "./set-up-error.mjs";
import { setUp } from "./set-up.mjs";
import { CHECKS, NONE, PROJECTS, runStages } from "./test-stages.mjs";

const USAGE = `Usage: npm test [-- STAGE ...]

Sets the workshop up, finds a Chromium, and runs everything, or only the stages named:
  checks, ${PROJECTS.join(", ")}`;

/** @returns {Promise<string>} */
async function chromium() {
  const progress = startProgress("Chromium", process.stdout);
  try {
    const executable = await ensureChromium(progress.report);
    progress.done(executable);
    return executable;
  } catch (error) {
    progress.failed();
    throw error;
  }
}

/**
 * @param {readonly string[]} stages all of them if none is named
 * @returns {Promise<import("./test-stages.mjs").Counts>}
 */
async function prepareAndRun(stages) {
  const wants = (/** @type {string} */ stage) => stages.length === 0 || stages.includes(stage);
  /** @type {NodeJS.ProcessEnv} */
  let env = process.env;
  try {
    await setUp();
    if (wants("browser")) env = { ...env, CHROME_PATH: await chromium() };
  } catch (error) {
    printError(error);
    return { ...NONE, failed: 1 };
  }
  return runStages(wants("checks") ? CHECKS : [], PROJECTS.filter(wants), env);
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export async function runTests(args) {
  const options = { help: { type: /** @type {const} */ ("boolean"), short: "h", default: false } };
  const { values, positionals } = parseOptions(args, options, USAGE);
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const unknown = positionals.find((stage) => stage !== "checks" && !PROJECTS.includes(stage));
  if (unknown !== undefined) throw new SetUpError(`There is no stage ${unknown}.\n\n${USAGE}`);
  endChildrenWithUs();
  const started = Date.now();
  const { passed, failed, skipped, retried } = await prepareAndRun(positionals);
  const notes = [skipped > 0 ? `, ${skipped} skipped` : "", retried > 0 ? `, ${retried} held at the second try` : ""];
  console.log(`\n${seconds(Date.now() - started)}${notes.join("")}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}
