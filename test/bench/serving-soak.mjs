/**
 * A service for a long time: `node test/bench/serving-soak.mjs [--minutes 10]`. First a minute in which a replica is killed every five
 * seconds, then minutes of full load. Prints what was lost and how the memory went; the exit status is 1 where a request was lost in
 * between, or memory kept growing.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const require = createRequire(import.meta.url);
const { ClassificationDataset, Deployment, TransferLearningModel, engine } = require(
  fileURLToPath(new URL("../../src/kernel-lib/dist/index.js", import.meta.url)),
);
const SAMPLES = fileURLToPath(new URL("../../sample_data/tableware", import.meta.url));
const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
const MINUTES = Number(values.minutes);
/** Growth of the memory from the first third to the last that is still level, as a share. */
const LEVEL = 0.1;

const folder = mkdtempSync(join(tmpdir(), "vitrine-soak-"));
process.env.VITRINE_DEPLOYMENTS = folder;
const pictures = join(SAMPLES, "bowl");
const images = readdirSync(pictures)
  .filter((name) => name.endsWith(".jpg"))
  .map((name) => readFileSync(join(pictures, name)));

async function deploy() {
  const dataset = await ClassificationDataset.createFromDir("tableware", SAMPLES);
  const model = new TransferLearningModel({ labels: dataset.labels, baseModel: "embedded" });
  await model.train(dataset, { epochs: 1, freeze: true, observer: null });
  const deployment = new Deployment({ name: "soak", model, replicas: 2 });
  await deployment.deploy({ progress: null });
  return deployment;
}

/** A replica is killed every five seconds, while others ask. */
async function kills(deployment) {
  const load = deployment.loadTest({ concurrency: 4, seconds: 60, warmUp: 0, images, observer: null });
  let killed = 0;
  for (let i = 0; i < 11; i++) {
    await wait(5000);
    const [victim] = (await deployment.status()).replicas.filter(
      ({ role, pictures: busy }) => role === "active" && busy > 0,
    );
    if (!victim) continue;
    process.kill(victim.pid, "SIGKILL");
    killed++;
  }
  const { good, requests, errors, latency } = await load;
  console.log(
    `${killed} replicas killed in a minute: ${requests} requests, ${good} good, errors ${JSON.stringify(errors)}, max ${latency.max.toFixed(0)} ms`,
  );
  // A picture that was with two replicas that were killed is lost, and says so; nothing else is.
  return Object.keys(errors).every((kind) => kind === "502");
}

/** Full load, the processes' memory twice a minute. */
async function level(deployment) {
  const seconds = MINUTES * 60;
  const load = deployment.loadTest({ concurrency: 8, seconds, warmUp: 20, images, observer: null });
  const seen = new Map();
  await wait(20_000);
  for (const end = Date.now() + seconds * 1000 - 5000; Date.now() < end; await wait(Math.min(30_000, seconds * 50))) {
    const { pid, memoryBytes, replicas } = await deployment.status();
    for (const one of [{ role: "service", pid, memoryBytes }, ...replicas]) {
      // It still loads its model.
      if (one.role === "starting") continue;
      const key = `${one.role} ${one.pid}`;
      seen.set(key, [...(seen.get(key) ?? []), one.memoryBytes / 1e6]);
    }
  }
  const { good, requests, errors, throughput, latency } = await load;
  console.log(
    `${MINUTES} minutes: ${requests} requests, ${good} good (${throughput.toFixed(1)} a second), errors ${JSON.stringify(errors)}, p99 ${latency.p99.toFixed(0)} ms`,
  );
  let flat = Object.keys(errors).length === 0;
  for (const [key, memory] of seen) {
    const third = Math.max(1, Math.floor(memory.length / 3));
    const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
    const [first, last] = [mean(memory.slice(0, third)), mean(memory.slice(-third))];
    console.log(
      `${key}: ${first.toFixed(0)} MB in the first third, ${last.toFixed(0)} MB in the last; ${memory.map((value) => value.toFixed(0)).join(" ")}`,
    );
    flat &&= last < first * (1 + LEVEL);
  }
  return flat;
}

const deployment = await deploy();
try {
  const kept = await kills(deployment);
  const flat = await level(deployment);
  process.exitCode = kept && flat ? 0 : 1;
} finally {
  await deployment.delete();
  rmSync(folder, { recursive: true, force: true });
  await engine.close();
}
