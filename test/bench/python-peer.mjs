/** A Python program that does one round of work for each line of JSON that it is sent, and answers with a line of JSON. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** One thread; what libraries warn of is not read. */
const QUIET = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", PYTHONWARNINGS: "ignore" };

export class PythonPeer {
  /** @param {string} python @param {string} script beside this file @param {string[]} args */
  constructor(python, script, args) {
    const file = fileURLToPath(new URL(script, import.meta.url));
    this.child = spawn(python, [file, ...args], {
      env: { ...process.env, ...QUIET },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** @param {object} question @returns {Promise<any>} */
  async ask(question) {
    this.child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error("the Python side has ended; its last words stand above");
    return JSON.parse(value);
  }

  async close() {
    this.child.stdin.end();
    await this.ended;
  }
}
