/**
 * One of two programs that do the same work in turns, each in a process of its own: it does a round for every line that it is
 * sent, and answers each with a line of JSON, `{ wall, cpu }` in milliseconds; at the end of its input with `{ memory }` in MB.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** One thread each: what else the machine does then distorts least. */
const ONE_THREAD = {
  OMP_NUM_THREADS: "1",
  TF_NUM_INTRAOP_THREADS: "1",
  TF_NUM_INTEROP_THREADS: "1",
  TF_CPP_MIN_LOG_LEVEL: "2",
};

export class Side {
  /** @param {string} command @param {string[]} args */
  constructor(command, args) {
    this.child = spawn(command, args, { env: { ...process.env, ...ONE_THREAD }, stdio: ["pipe", "pipe", "pipe"] });
    this.said = "";
    this.child.stderr.on("data", (chunk) => (this.said = (this.said + chunk).slice(-2000)));
    this.failed = new Promise((_, reject) => {
      this.child.on("error", reject);
      this.child.on("exit", (code) => {
        if (code !== 0) reject(new Error(`${command} ended with ${code}:\n${this.said}`));
      });
    });
    this.failed.catch(() => undefined);
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** One round. */
  async round() {
    this.child.stdin.write("\n");
    return this.answer();
  }

  /** The process's peak memory in MB. */
  async finish() {
    this.child.stdin.end();
    return (await this.answer()).memory;
  }

  async answer() {
    const { value, done } = await Promise.race([this.lines.next(), this.failed]);
    if (done) throw new Error(`a side of a benchmark fell silent:\n${this.said}`);
    return JSON.parse(value);
  }
}

/** The sides' median wall and CPU time and their peak memory, after two rounds each to warm up, in turns. */
export async function compete(sides, rounds) {
  const seen = sides.map(() => []);
  for (let i = 0; i < rounds + 2; i++) {
    for (const [index, side] of sides.entries()) {
      const round = await side.round();
      if (i >= 2) seen[index].push(round);
    }
  }
  const results = [];
  for (const [index, side] of sides.entries()) {
    const median = (part) => seen[index].map((round) => round[part]).sort((a, b) => a - b)[rounds >> 1];
    results.push({ wall: median("wall"), cpu: median("cpu"), memory: await side.finish() });
  }
  return results;
}

/** The part of a side that is a Node program: `work` once for every line. */
export async function serve(work) {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  while (!(await lines.next()).done) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(used);
    console.log(JSON.stringify({ wall: performance.now() - start, cpu: (user + system) / 1000 }));
  }
  console.log(JSON.stringify({ memory: peakMemory() }));
}

/** In MB. What Linux calls a process's maximum goes on from that of the process which started it; the peak of its own is elsewhere. */
export function peakMemory() {
  const status = "/proc/self/status";
  const own = existsSync(status) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, "utf8"))?.[1] : undefined;
  return (own === undefined ? process.resourceUsage().maxRSS : Number(own)) / 1024;
}
