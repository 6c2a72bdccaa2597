/** Globals that the kernel gives to cells, as the type checker sees them. Their values are set in `globals.ts`. */

export const AMBIENT_FILE = "/__vitrine_globals__.d.ts";

export const AMBIENT_TEXT = `
/**
 * Asks the person at the notebook and waits for the answer.
 * @param prompt shown before the field
 * @param options password: the answer is not shown while it is typed
 */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;
`;
