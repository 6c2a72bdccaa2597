/** A program that is run to its end. Not by `processes.mjs`: this folder goes into an image of a service, where nothing else of the scripts is. */
import { spawn } from "node:child_process";

/**
 * The lines that say what was wrong, else the last ones.
 *
 * @param {string} said
 */
function complaint(said) {
  const lines = said.trim().split("\n");
  const errors = lines.filter((line) => /\berror\b/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-5).join("\n");
}

/**
 * Runs a program; where it fails, the error carries the end of what it said.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<void>}
 */
export function runCommand(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const listen = (/** @type {Buffer} */ chunk) => (said = (said + chunk.toString()).slice(-4000));
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(complaint(said) || `${command} ended with ${code}`));
    });
  });
}
