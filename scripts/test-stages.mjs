/**
 * What `npm test` runs once everything is set up: checks, which pass or fail as a whole, and vitest's projects, whose
 * tests are counted one by one.
 * @module
 */
import { readFile, rm } from "node:fs/promises";
import path from "node:path";

import { parseJson } from "./json.mjs";
import { inRoot, out, root, typescript } from "./places.mjs";
import { runCommand } from "./processes.mjs";
import { seconds } from "./progress.mjs";

/** @typedef {{ title: string, script: string, args: readonly string[] }} Check a Node script of ours or of a package's */
/** @typedef {{ passed: number, failed: number, skipped: number, retried: number }} Counts `retried` are passed, at the second try */
/** @typedef {{ status: string, fullName: string, failureMessages: readonly string[] }} Result of one test, in vitest's JSON report */

/** @type {Counts} */
export const NONE = { passed: 0, failed: 0, skipped: 0, retried: 0 };

/** @param {...string} parts */
const inPackages = (...parts) => inRoot("node_modules", ...parts);

/** @type {readonly Check[]} */
export const CHECKS = [
  { title: "type check", script: typescript, args: ["--build"] },
  { title: "eslint", script: inPackages("eslint", "bin", "eslint.js"), args: [".", "--max-warnings", "0"] },
  {
    title: "prettier",
    script: inPackages("prettier", "bin", "prettier.cjs"),
    args: ["--check", ".", "--log-level", "warn"],
  },
  { title: "knip", script: inPackages("knip", "bin", "knip.js"), args: ["--no-config-hints", "--exclude", "types"] },
  { title: "layers", script: inRoot("scripts", "layers.mjs"), args: [] },
  { title: "declarations", script: inRoot("scripts", "declarations-check.mjs"), args: [] },
];

/** Quick ones first. */
export const PROJECTS = ["unit", "parity", "kernel", "serving", "browser", "notebooks"];

/** @param {string} title */
const heading = (title) => {
  console.log(`\n── ${title} ${"─".repeat(Math.max(0, 76 - title.length))}`);
};

/**
 * @param {Check} check
 * @returns {Promise<Counts>}
 */
export async function runCheck({ title, script, args }) {
  const started = Date.now();
  const { code, output } = await runCommand(process.execPath, [script, ...args], { cwd: root });
  const time = seconds(Date.now() - started);
  if (code === 0) {
    console.log(`✓ ${title} (${time})`);
    return { ...NONE, passed: 1 };
  }
  console.log(`✗ ${title} (${time})\n${output.trimEnd()}`);
  return { ...NONE, failed: 1 };
}

/**
 * What vitest's JSON report counts. A file that failed before its first test is a failure with no test to its name.
 * @param {unknown} report
 * @returns {Counts}
 */
export function countsOf(report) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } =
    /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
     testResults: { status: string, assertionResults: Result[] }[] }} */ (report);
  const brokenFiles = testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + brokenFiles.length,
    skipped: numPendingTests + numTodoTests,
    retried: secondTries(report).length,
  };
}

/**
 * Tests that start processes are tried twice, and a second try that holds is no failure; but somebody should look why the first did not.
 * @param {unknown} report
 * @returns {string[]} a line for each such test: its name, and what its first try met
 */
export function secondTries(report) {
  const { testResults } = /** @type {{ testResults: { assertionResults: Result[] }[] }} */ (report);
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, failureMessages }) => status === "passed" && failureMessages.length > 0)
    .map(({ fullName, failureMessages }) => `${fullName}\n  ${failureMessages.join("\n").replaceAll("\n", "\n  ")}`);
}

/**
 * @param {string} project
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Counts>}
 */
export async function runProject(project, env) {
  heading(`${project} tests`);
  const file = path.join(out, "test", `${project}.json`);
  await rm(file, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const args = [inPackages("vitest", "vitest.mjs"), "run", "--project", project, ...reporters];
  const { code } = await runCommand(process.execPath, args, { cwd: root, env, inherit: true });
  /** @type {unknown} */
  const report = await readFile(file, "utf8").then(parseJson, () => undefined);
  const counts = report === undefined ? NONE : countsOf(report);
  for (const test of report === undefined ? [] : secondTries(report)) console.log(`Held at the second try: ${test}`);
  // vitest also fails for what no test is to blame for: no tests at all, an error after the last of them.
  if (code !== 0 && counts.failed === 0) return { ...counts, failed: 1 };
  return counts;
}

/**
 * @param {readonly Check[]} checks
 * @param {readonly string[]} projects
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Counts>} of all together
 */
export async function runStages(checks, projects, env) {
  const total = { ...NONE };
  const add = (/** @type {Counts} */ counts) => {
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    total.retried += counts.retried;
  };
  heading("checks");
  for (const check of checks) add(await runCheck(check));
  for (const project of projects) add(await runProject(project, env));
  return total;
}
