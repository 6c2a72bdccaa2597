/**
 * A service under load. Beside it, on the same ResNet-18 and in the same run: fastify with onnxruntime-node, where VITRINE_BENCH_ONNX names a
 * folder that has it, and FastAPI with torch, where VITRINE_BENCH_PYTHON names a Python that has them. Every one is measured by the same
 * clients, turn and turn about; and those clients beside autocannon, and wrk where it is there.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { apart, serviceCores, startApart, together } from "./cores.mjs";

const require = createRequire(import.meta.url);
const { Deployment, TransferLearningModel, ClassificationDataset, engine, runLoadTest } = require(
  fileURLToPath(new URL("../../src/kernel-lib/dist/index.js", import.meta.url)),
);
const autocannon = require("autocannon");

const SAMPLES = fileURLToPath(new URL("../../sample_data/tableware", import.meta.url));
const SECONDS = 6;
const CLIENTS = 8;
const TURNS = 5;
const THREADS = availableParallelism();
const silent = { observer: null, warmUp: 1 };

const row = (name, unit, ours, peer, peerName, ratio = peer === null ? null : ours / peer) => ({
  topic: "serving",
  name,
  ours,
  peer,
  peerName,
  unit,
  ratio,
});

/** A server that prints its port. */
async function startPeer(command, args) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((_, reject) =>
    child.once("exit", (code) => reject(new Error(`${command} ended with ${code}`))),
  );
  const port = new Promise((resolve) => child.stdout.once("data", (text) => resolve(Number(String(text).trim()))));
  const url = `http://127.0.0.1:${await Promise.race([port, ended])}/score`;
  ended.catch(() => undefined);
  return { url, stop: () => child.kill("SIGKILL") };
}

function loadedServers(folder, model) {
  const { VITRINE_BENCH_ONNX: onnx, VITRINE_BENCH_PYTHON: python } = process.env;
  const file = (name) => fileURLToPath(new URL(name, import.meta.url));
  const servers = [];
  if (onnx)
    servers.push([
      "fastify and onnxruntime-node",
      async () =>
        startPeer(process.execPath, [file("serving-peer.mjs"), await exported(model, folder), String(THREADS), onnx]),
    ]);
  if (python && hasFastApi(python))
    servers.push(["FastAPI and torch", () => startPeer(python, [file("serving-peer.py"), String(THREADS)])]);
  return servers;
}

function hasFastApi(python) {
  try {
    execFileSync(python, ["-c", "import fastapi, torch, torchvision, uvicorn"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function exported(model, folder) {
  const path = join(folder, "model.onnx");
  await model.export(path);
  return path;
}

/** Beside the peers, on the same network, once for each picture: the mean with its mirror image would be twice the work. */
async function besidePeers(dataset, folder, images) {
  const model = new TransferLearningModel({
    labels: dataset.labels,
    baseModel: "resnet18",
    imageSize: [224, 224],
    weights: "random",
    mirror: false,
  });
  await model.train(dataset, { epochs: 1, freeze: true, observer: null });
  const deployment = new Deployment({ name: "bench", model, spare: false, replicas: THREADS });
  await deployment.deploy({ progress: null });
  const servers = [];
  try {
    for (const [name, start] of loadedServers(folder, model))
      servers.push({ name, ...(await start()), best: undefined });
    const load = { ...silent, concurrency: CLIENTS, seconds: SECONDS, images };
    let best;
    for (let round = 0; round < 2; round++) {
      best = better(best, await deployment.loadTest(load));
      for (const server of servers) server.best = better(server.best, await runLoadTest({ url: server.url }, load));
    }
    const milliseconds = ({ throughput }) => 1000 / throughput;
    const rows = servers.flatMap(({ name, best: other }) => [
      row(`ResNet-18, a picture of ${CLIENTS} clients`, "ms", milliseconds(best), milliseconds(other), name),
      row(`ResNet-18, 99 % of latencies`, "ms", best.latency.p99, other.latency.p99, name),
    ]);
    return rows.length > 0
      ? rows
      : [row(`ResNet-18, a picture of ${CLIENTS} clients`, "ms", milliseconds(best), null, "no peer here")];
  } finally {
    for (const { stop } of servers) stop();
    await deployment.delete();
  }
}

const better = (a, b) => (a === undefined || b.throughput > a.throughput ? b : a);

/**
 * Four times what it can take, between two turns of what it can: the machine's own speed changes from minute to minute. The median of the
 * turns by what is left of the peak, after one in which Node compiles what refuses.
 */
async function overloaded(deployment, closed, images) {
  const turns = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const before = await closed();
    const rate = 4 * before.throughput;
    const overload = await deployment.loadTest({ ...silent, rate, seconds: SECONDS, images });
    const peak = (before.throughput + (await closed()).throughput) / 2;
    if (turn > 0) turns.push({ overload, peak, share: overload.throughput / peak });
  }
  return turns.sort((a, b) => a.share - b.share)[Math.floor(turns.length / 2)];
}

/** What a service does when everybody comes at once. */
async function underLoad(name, deployment, images) {
  const closed = () => deployment.loadTest({ ...silent, concurrency: 16, seconds: SECONDS, images });
  const { overload, peak, share } = await overloaded(deployment, closed, images);
  const { good, own } = await ownTime(deployment, closed);
  const healths = [];
  for (let turn = 0; turn < 3; turn++) {
    const full = closed();
    healths.push((await healthUnder(deployment, SECONDS - 2)).latency.p99);
    await full;
  }
  const where = apart ? "clients on other cores" : "clients on the same cores";
  return [
    row(
      `${name}, /health, 99 % of latencies at 32 connections under full load`,
      "ms",
      healths.sort((a, b) => a - b)[1],
      null,
      "limit: 50",
    ),
    row(`${name}, service's own process, CPU a picture`, "ms", own / good, null, "limit: 5"),
    row(
      `${name}, good answers a second at 4 × capacity, ${where}`,
      "1/s",
      overload.throughput,
      peak,
      "the peak",
      1 / share,
    ),
    row(
      `${name}, refused at 4 × capacity, 99 % of latencies of good answers`,
      "ms",
      overload.latency.p99,
      null,
      "bounded by the queue",
    ),
  ];
}

/** A load's good answers, and the milliseconds of CPU time that the service's own process took for them. */
async function ownTime(deployment, load) {
  const before = await deployment.status();
  const { good } = await load();
  const after = await deployment.status();
  return { good, own: 1000 * (after.cpuSeconds - before.cpuSeconds) };
}

/** 32 connections, each of which asks 20 times a second. */
async function healthUnder(deployment, seconds) {
  const url = deployment.scoringUri.replace(/\/score$/, "/health");
  const latencies = [];
  const end = performance.now() + seconds * 1000;
  const client = async () => {
    while (performance.now() < end) {
      const started = performance.now();
      const answer = await fetch(url);
      await answer.arrayBuffer();
      latencies.push(performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await Promise.all(Array.from({ length: 32 }, client));
  latencies.sort((a, b) => a - b);
  return { latency: { p99: latencies[Math.floor(0.99 * latencies.length)] } };
}

/** Our clients beside others', on the same service. */
async function besideClients(deployment, image, key) {
  const url = deployment.scoringUri;
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/octet-stream" };
  const ours = [];
  const theirs = [];
  for (let round = 0; round < 2; round++) {
    ours.push(
      (await deployment.loadTest({ ...silent, concurrency: CLIENTS, seconds: SECONDS, images: [image] })).throughput,
    );
    const options = { url, method: "POST", headers, body: image, connections: CLIENTS, duration: SECONDS };
    const { "2xx": good, duration } = await autocannon(options);
    theirs.push(good / duration);
  }
  const rows = [
    row(
      "what our load test reads of the same service",
      "1/s",
      Math.max(...ours),
      Math.max(...theirs),
      "autocannon reads",
      Math.abs(Math.max(...ours) / Math.max(...theirs) - 1) / 0.1,
    ),
  ];
  const wrk = wrkReads(url, headers, image);
  if (wrk !== undefined)
    rows.push(
      row(
        "what our load test reads of the same service",
        "1/s",
        ours.at(-1),
        wrk,
        "wrk reads",
        Math.abs(ours.at(-1) / wrk - 1) / 0.1,
      ),
    );
  return rows;
}

function wrkReads(url, headers, image) {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-wrk-"));
  try {
    writeFileSync(join(folder, "body"), image);
    const fields = Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`);
    const script = `wrk.method = "POST"\n${fields.join("\n")}\nlocal f = io.open("${join(folder, "body")}", "rb")\nwrk.body = f:read("*a")\n`;
    writeFileSync(join(folder, "post.lua"), script);
    const said = execFileSync("wrk", ["-t1", `-c${CLIENTS}`, `-d${SECONDS}s`, "-s", join(folder, "post.lua"), url], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Number(/Requests\/sec:\s+([\d.]+)/.exec(said)?.[1]);
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function bench() {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-bench-"));
  process.env.VITRINE_DEPLOYMENTS = join(folder, "deployments");
  try {
    const dataset = await ClassificationDataset.createFromDir("tableware", SAMPLES);
    const pictures = join(SAMPLES, "bowl");
    const images = readdirSync(pictures)
      .filter((name) => name.endsWith(".jpg"))
      .slice(0, 8)
      .map((name) => readFileSync(join(pictures, name)));
    const rows = await besidePeers(dataset, folder, images);
    for (const baseModel of ["resnet18", "embedded"]) {
      const model = new TransferLearningModel({
        labels: dataset.labels,
        baseModel,
        weights: baseModel === "embedded" ? undefined : "random",
      });
      await model.train(dataset, { epochs: 1, freeze: true, observer: null });
      const deployment = new Deployment({ name: "bench", model, spare: false, replicas: serviceCores });
      await startApart(() => deployment.deploy({ progress: null }));
      try {
        rows.push(...(await underLoad(baseModel, deployment, images)));
        if (baseModel === "embedded")
          rows.push(...(await besideClients(deployment, images[0], (await deployment.getKeys()).primary)));
      } finally {
        together();
        await deployment.delete();
      }
    }
    return rows;
  } finally {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
