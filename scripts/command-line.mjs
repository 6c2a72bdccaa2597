/**
 * The options of a script: what is not known gets the sentence and the usage, never a guess.
 * @module
 */
import { parseArgs } from "node:util";

import { SetUpError } from "./set-up-error.mjs";

/** @typedef {{ port: number | undefined, token: string | undefined, browser: boolean, help: boolean, notebook: string }} StartOptions */

export const FIRST_NOTEBOOK = "notebooks/1-classification.ipynb";

export const START_USAGE = `Usage: npm start [-- OPTIONS] [NOTEBOOK]

Sets the workshop up where it is not, starts JupyterLab on this machine only, and opens a notebook.

  NOTEBOOK        what to open (default ${FIRST_NOTEBOOK})
  --port NUMBER   the port to listen on (default: the first free one from 8888 on)
  --token TEXT    the secret in the address (default: a random one for each start)
  --no-browser    print the address and open nothing
  --help          print this`;

/**
 * @template {NonNullable<import("node:util").ParseArgsConfig["options"]>} T
 * @param {readonly string[]} args
 * @param {T} options
 * @param {string} usage
 * @returns {ReturnType<typeof parseArgs<{ options: T, allowPositionals: true }>>}
 */
export function parseOptions(args, options, usage) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    // Node adds advice about positionals that look like options; nobody here has any.
    const sentence = said.split(". To specify")[0] ?? said;
    throw new SetUpError(`${sentence.replace(/\.?$/, ".")}\n\n${usage}`);
  }
}

/** @param {string} text */
function portOf(text) {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new SetUpError(`Expected an integer between 1 and 65535 for --port but received "${text}".`);
}

/** @param {string} text */
function tokenOf(text) {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new SetUpError("Expected one or more printable ASCII characters without spaces for --token.");
}

/**
 * @param {readonly string[]} args
 * @returns {StartOptions}
 */
export function parseStartOptions(args) {
  const { values, positionals } = parseOptions(
    args,
    {
      port: { type: "string" },
      token: { type: "string" },
      browser: { type: "boolean", default: true },
      help: { type: "boolean", short: "h", default: false },
    },
    START_USAGE,
  );
  if (positionals.length > 1) {
    throw new SetUpError(`Expected one notebook but received ${positionals.join(", ")}.\n\n${START_USAGE}`);
  }
  return {
    port: values.port === undefined ? undefined : portOf(values.port),
    token: values.token === undefined ? undefined : tokenOf(values.token),
    browser: values.browser,
    help: values.help,
    notebook: positionals[0] ?? FIRST_NOTEBOOK,
  };
}
