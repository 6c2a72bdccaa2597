/**
 * What a cell costs before a line of it runs, against stock tslab's converter, and from request to reply, against stock tslab's
 * kernel. The peers run in the same process and minute, on the same cells.
 *
 * "After a big library" is after `import * as tf from "@tensorflow/tfjs"`: its declarations are then in every cell's program.
 * A figure is the median of the repetitions, which take turns; of the first import, the least.
 */
import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Dealer } from "zeromq";

const root = fileURLToPath(new URL("../../", import.meta.url));
const dist = join(root, "src", "kernel-lib", "dist", "kernel");
const require = createRequire(join(root, "src", "kernel-lib", "package.json"));
const IMPORT = 'import * as tf from "@tensorflow/tfjs";';
const REPETITIONS = 25;
const WARM_UP = 3;

/** @param {readonly number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** @param {string} name @param {number} ours @param {number} peer @param {string} peerName */
const row = (name, ours, peer, peerName) => ({
  topic: "kernel",
  name,
  ours,
  peer,
  peerName,
  unit: "ms",
  ratio: peer > 0 ? ours / peer : null,
});

/** One converter with its notebook so far. @param {() => import("tslab/dist/converter.js").Converter} create */
function notebook(create) {
  const converter = create();
  let declarations = "";
  return {
    /** @param {string} code @returns {number} milliseconds */
    run(code) {
      const start = performance.now();
      const { diagnostics, declOutput } = converter.convert(declarations, code);
      const taken = performance.now() - start;
      if (diagnostics.length > 0) throw new Error(`${code}: ${diagnostics[0]?.messageText ?? ""}`);
      declarations = declOutput ?? "";
      return taken;
    },
    close: () => converter.close(),
  };
}

/** Both in turns, so that what else the machine does hits both. @param {(i: number) => string} cell */
function inTurns(ours, peer, cell) {
  const times = { ours: [], peer: [] };
  for (let i = 0; i < WARM_UP + REPETITIONS; i += 1) {
    const taken = [ours.run(cell(i)), peer.run(cell(i))];
    if (i < WARM_UP) continue;
    times.ours.push(taken[0]);
    times.peer.push(taken[1]);
  }
  return [median(times.ours), median(times.peer)];
}

/** The least of two fresh notebooks a side, in the order o p p o: who comes first warms files and compiler for the others. */
function importTimes(create, createPeer) {
  const least = { ours: Infinity, peer: Infinity };
  for (const side of ["ours", "peer", "peer", "ours"]) {
    const fresh = notebook(side === "ours" ? create : createPeer);
    fresh.run("1");
    least[side] = Math.min(least[side], fresh.run(IMPORT));
    fresh.close();
  }
  return [least.ours, least.peer];
}

function compileRows() {
  const { createMappedConverter } = require(join(dist, "compiler", "tslab-converter.js"));
  const { createConverter } = require("tslab/dist/converter.js");
  const create = () => createMappedConverter(false).converter;
  const createPeer = () => createConverter({ isJS: false, isBrowser: false });
  const imported = importTimes(create, createPeer);
  const ours = notebook(create);
  const peer = notebook(createPeer);
  const name = "stock tslab's converter";
  const trivial = (/** @type {string} */ prefix) => (/** @type {number} */ i) =>
    `const ${prefix}${i} = ${i} + 1; ${prefix}${i}`;
  try {
    const before = inTurns(ours, peer, trivial("a"));
    for (const side of [ours, peer]) side.run(IMPORT);
    const after = inTurns(ours, peer, trivial("b"));
    const tensors = inTurns(ours, peer, (i) => `const t${i} = tf.tensor([${i}]).add(1); t${i}.shape`);
    return [
      row("compile a trivial cell, nothing imported", before[0], before[1], name),
      row("compile the first import of tfjs", imported[0], imported[1], name),
      row("compile a trivial cell after tfjs", after[0], after[1], name),
      row("compile a cell that calls tfjs", tensors[0], tensors[1], name),
    ];
  } finally {
    ours.close();
    peer.close();
  }
}

/** @param {number} count */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => /** @type {import("node:net").AddressInfo} */ (server.address()).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

/** A kernel process and a way to run cells in it. @param {(file: string) => string[]} argv */
async function startKernel(argv) {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-bench-"));
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
  const key = randomUUID();
  const file = join(folder, "connection.json");
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  writeFileSync(
    file,
    JSON.stringify({ ...ports, key, ip: "127.0.0.1", transport: "tcp", signature_scheme: "hmac-sha256" }),
  );
  const child = spawn(process.execPath, argv(file), { cwd: root, stdio: "ignore" });
  const shell = new Dealer({ linger: 0 });
  shell.connect(`tcp://127.0.0.1:${shell_port}`);
  return {
    /** @param {string} code @returns {Promise<number>} milliseconds */
    async run(code) {
      const start = performance.now();
      await shell.send(executeRequest(key, code));
      const frames = await shell.receive();
      const taken = performance.now() - start;
      const { status } = JSON.parse(String(frames[frames.findIndex((frame) => String(frame) === "<IDS|MSG>") + 5]));
      if (status !== "ok") throw new Error(`${code}: the kernel answered ${status}`);
      return taken;
    },
    async stop() {
      shell.close();
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @param {string} key @param {string} code */
function executeRequest(key, code) {
  const header = {
    msg_id: randomUUID(),
    msg_type: "execute_request",
    session: "bench",
    username: "",
    date: "",
    version: "5.4",
  };
  const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
  const parts = [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return [Buffer.from("<IDS|MSG>"), Buffer.from(hmac.digest("hex")), ...parts];
}

async function kernelRows() {
  const tslab = join(require.resolve("tslab/package.json"), "..", "bin", "tslab");
  const ours = await startKernel((file) => [join(dist, "main.js"), file]);
  const peer = await startKernel((file) => [tslab, "kernel", "--config-path", file]);
  try {
    for (const kernel of [ours, peer]) await kernel.run(IMPORT);
    const times = { ours: [], peer: [] };
    for (let i = 0; i < WARM_UP + REPETITIONS; i += 1) {
      const taken = [await ours.run(`const a${i} = ${i} + 1; a${i}`), await peer.run(`const a${i} = ${i} + 1; a${i}`)];
      if (i < WARM_UP) continue;
      times.ours.push(taken[0]);
      times.peer.push(taken[1]);
    }
    return [
      row("trivial cell after tfjs, request to reply", median(times.ours), median(times.peer), "stock tslab's kernel"),
    ];
  } finally {
    await Promise.all([ours.stop(), peer.stop()]);
  }
}

export async function bench() {
  // Stock tslab looks for packages from the working folder.
  process.chdir(root);
  return [...compileRows(), ...(await kernelRows())];
}
