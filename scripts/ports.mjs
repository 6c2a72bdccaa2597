/**
 * A port to listen on: the one asked for, or the first free one from Jupyter's usual number on.
 * @module
 */
import { createServer } from "node:net";

import { SetUpError } from "./set-up-error.mjs";

export const HOST = "127.0.0.1";
export const FIRST_PORT = 8888;
const ATTEMPTS = 200;

/**
 * @param {number} port
 * @returns {Promise<string | undefined>} why it can't be listened on (EADDRINUSE, EACCES), or nothing if it can
 */
export function portProblem(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * @param {number} [wanted]
 * @param {number} [first] where to look from if none is wanted
 * @throws {SetUpError} if the wanted one is taken, or none is free
 */
export async function findPort(wanted, first = FIRST_PORT) {
  if (wanted === undefined) {
    for (let port = first; port < first + ATTEMPTS && port < 65536; port += 1) {
      if ((await portProblem(port)) === undefined) return port;
    }
    throw new SetUpError(`None of the ports from ${first} to ${first + ATTEMPTS - 1} is free. Choose one with --port.`);
  }
  const problem = await portProblem(wanted);
  if (problem === undefined) return wanted;
  const why = problem === "EACCES" ? "may not be used by you" : "is in use by another program";
  throw new SetUpError(
    `Port ${wanted} ${why}. Choose another one with --port, or leave --port out and a free one is found.`,
  );
}
