/**
 * An error that is a sentence for the user and needs no stack: what went wrong, and what to do.
 * @module
 */

export class SetUpError extends Error {
  /**
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(message, options) {
    super(message, options);
    this.name = "SetUpError";
  }
}

/**
 * Prints an error as the end of a script: the sentence alone where it was meant for the user, else all there is.
 * @param {unknown} error
 */
export function printError(error) {
  if (error instanceof SetUpError) console.error(`\n${error.message}`);
  else console.error("\n", error);
}

/**
 * Runs a script's body and turns its outcome into the exit code.
 * @param {() => Promise<number | void>} body the exit code, or nothing for 0
 */
export async function runScript(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    printError(error);
    process.exitCode = 1;
  }
}
