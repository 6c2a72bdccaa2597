/**
 * What a step shows while it works: its title, after two seconds a line that moves, and at the end how long it took.
 * On a terminal the line is rewritten in place; in a log it is printed again every ten seconds.
 * @module
 */

const FIRST_LINE_MS = 2000;
const LOG_INTERVAL_MS = 10_000;
const FRAME_MS = 200;

/** @param {number} ms */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** @typedef {{ write(text: string): unknown, isTTY?: boolean, columns?: number }} Output */
/**
 * @typedef {object} Progress
 * @property {(line: string) => void} report what is being done now
 * @property {(note?: string) => void} done the step has ended well
 * @property {() => void} failed the step has ended, and an error follows
 */

/**
 * @param {string} title
 * @param {Output} output
 * @returns {Progress}
 */
export function startProgress(title, output) {
  const started = Date.now();
  const terminal = output.isTTY === true;
  let detail = "";
  let last = 0;

  const tick = () => {
    const elapsed = Date.now() - started;
    if (elapsed < FIRST_LINE_MS) return;
    const line = `  ${title} · ${Math.floor(elapsed / 1000)} s${detail === "" ? "" : ` · ${detail}`}`;
    if (terminal) output.write(`\r\x1b[2K${line.slice(0, (output.columns ?? 80) - 1)}`);
    else if (last === 0 || Date.now() - last >= LOG_INTERVAL_MS) {
      output.write(`${line}\n`);
      last = Date.now();
    }
  };
  const timer = setInterval(tick, FRAME_MS);
  const end = (/** @type {string} */ line) => {
    clearInterval(timer);
    output.write(`${terminal ? "\r\x1b[2K" : ""}${line}\n`);
  };

  if (terminal) output.write(`  ${title}`);
  return {
    report: (line) => (detail = line.trim()),
    done: (note) => {
      end(`✓ ${title} (${seconds(Date.now() - started)})${note === undefined ? "" : `: ${note}`}`);
    },
    failed: () => {
      end(`✗ ${title} (${seconds(Date.now() - started)})`);
    },
  };
}
