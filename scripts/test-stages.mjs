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
/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

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
    return { passed: 1, failed: 0, skipped: 0 };
  }
  console.log(`✗ ${title} (${time})\n${output.trimEnd()}`);
  return { passed: 0, failed: 1, skipped: 0 };
}

/**
 * What vitest's JSON report counts. A file that failed before its first test is a failure with no test to its name.
 * @param {unknown} report
 * @returns {Counts}
 */
export function countsOf(report) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } =
    /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
     testResults: { status: string, assertionResults: { status: string }[] }[] }} */ (report);
  const brokenFiles = testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + brokenFiles.length,
    skipped: numPendingTests + numTodoTests,
  };
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
  const counts = await readFile(file, "utf8").then(
    (text) => countsOf(parseJson(text)),
    () => ({ passed: 0, failed: 0, skipped: 0 }),
  );
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
  const total = { passed: 0, failed: 0, skipped: 0 };
  const add = (/** @type {Counts} */ counts) => {
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  };
  heading("checks");
  for (const check of checks) add(await runCheck(check));
  for (const project of projects) add(await runProject(project, env));
  return total;
}
