/** Ctrl-C, for work that says what it has kept. */

/** As a shell counts what SIGINT has ended. */
const INTERRUPTED = 130;

/** Fires at the first Ctrl-C; the second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => {
    process.exitCode = INTERRUPTED;
    controller.abort();
  });
  return controller.signal;
}
