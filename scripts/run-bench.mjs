/**
 * `npm run bench`: what things cost here, beside what they cost in the tools that people use today.
 * @module
 */
import { existsSync } from "node:fs";

import { checkRows, LONG_TOPICS, tableOf, TOPICS } from "./bench-rows.mjs";
import { parseOptions } from "./command-line.mjs";
import { inRoot, root } from "./places.mjs";
import { startProgress } from "./progress.mjs";
import { endChildrenWithUs, startChild } from "./processes.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { setUp } from "./set-up.mjs";

/** @typedef {import("./bench-rows.mjs").Row} Row */

const USAGE = `Usage: npm run bench [-- OPTIONS]

Measures, and prints a table. A ratio below 1 says that ours is better.

  --only TOPIC  ${TOPICS.join(", ")};
                and what takes minutes: ${LONG_TOPICS.join(", ")}
  --json        print one JSON object to stdout, everything else to stderr
  --help        print this`;

/** @param {string} topic */
const benchFile = (topic) => inRoot("test", "bench", `${topic}.mjs`);

/**
 * @param {string | undefined} only
 * @returns {string[]}
 */
export function chooseTopics(only) {
  if (only === undefined) return TOPICS.filter((topic) => existsSync(benchFile(topic)));
  const all = [...TOPICS, ...LONG_TOPICS];
  if (!all.includes(only)) throw new SetUpError(`There is no topic ${only}. Those there are: ${all.join(", ")}.`);
  if (!existsSync(benchFile(only))) throw new SetUpError(`Nothing is measured for ${only} yet.`);
  return [only];
}

/**
 * @param {string} topic
 * @returns {Promise<Row[]>}
 */
function measure(topic) {
  return new Promise((resolve, reject) => {
    const args = [inRoot("scripts", "bench-topic.mjs"), benchFile(topic)];
    // stdout is for the table or the JSON alone, whatever a benchmark or a library prints.
    const child = startChild(process.execPath, args, {
      cwd: root,
      stdio: ["ignore", process.stderr, process.stderr, "ipc"],
    });
    /** @type {unknown} */
    let rows;
    child.once("message", (message) => (rows = message));
    child.once("error", reject);
    child.once("close", (code) => {
      try {
        if (code !== 0) throw new SetUpError(`The benchmark of ${topic} has ended with code ${code}.`);
        resolve(checkRows(rows, topic));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export async function runBench(args) {
  const { values, positionals } = parseOptions(
    args,
    {
      only: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    USAGE,
  );
  if (positionals.length > 0) throw new SetUpError(`Unexpected argument "${positionals[0]}".\n\n${USAGE}`);
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  endChildrenWithUs();
  const topics = chooseTopics(values.only);
  await setUp(process.stderr);
  /** @type {Row[]} */
  const rows = [];
  for (const topic of topics) {
    const progress = startProgress(topic, process.stderr);
    rows.push(
      ...(await measure(topic).catch((/** @type {unknown} */ error) => {
        progress.failed();
        throw error;
      })),
    );
    progress.done();
  }
  console.log(values.json ? JSON.stringify({ rows }) : tableOf(rows));
  return 0;
}
