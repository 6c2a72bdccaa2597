/** `process.exit` in a cell, or in a library that takes the process for its own, must not take a notebook's variables along. */

/** The real one, for the kernel's own end. */
export const exitProcess: (code: number) => never = process.exit.bind(process);

/** From now on `process.exit` throws. */
export function keepProcess(): void {
  process.exit = (code?: number | string | null): never => {
    throw new Error(
      `process.exit(${code ?? ""}) was called, and the kernel goes on. To end it, shut it down or restart it from the Kernel menu`,
    );
  };
}
