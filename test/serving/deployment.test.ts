/** Deployments as a notebook makes them: real processes, a real model. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inRoot, venvPython } from "../../scripts/places.mjs";
import { processStart } from "../../src/kernel-lib/serving/supervisor/process-identity.js";
import { ownCertificate } from "./own-certificate.js";
import { ownDeployments, trainedModel, vitrine } from "./trained-model.js";

const { Deployment, FasterRCNN, FeatureClassifier, LinearSVC, TransferLearningModel } = vitrine;
const silent = { progress: null };

const [fridgePicture = ""] = readdirSync(inRoot("sample_data", "fridge", "test", "JPEGImages"));

let cleanUp: () => Promise<void>;
let dataset: Awaited<ReturnType<typeof trainedModel>>["dataset"];
let model: Awaited<ReturnType<typeof trainedModel>>["model"];
beforeAll(async () => {
  cleanUp = await ownDeployments();
  ({ dataset, model } = await trainedModel());
});
afterAll(async () => {
  await cleanUp();
  await vitrine.engine.close();
});

const home = () => process.env["VITRINE_DEPLOYMENTS"] ?? "";
/** One that has ended and was not asked for its exit status yet answers signals, and lives no more. */
const isAlive = async (pid: number) => (await processStart(pid)) !== undefined;

/** Asks again and again until it is stopped; gives what came. */
function askAllTheTime(url: string, key: string, clients = 2) {
  const statuses: number[] = [];
  let going = true;
  const picture = readFile(dataset.images[0]?.storagePath ?? "");
  const client = async () => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "image/jpeg" };
    while (going) {
      const answer = await fetch(url, { method: "POST", headers, body: await picture }).catch(() => undefined);
      await answer?.arrayBuffer();
      statuses.push(answer?.status ?? 0);
      // Starting replicas need a core, too.
      await wait(20);
    }
  };
  const running = Promise.all(Array.from({ length: clients }, client));
  return {
    statuses,
    stop: async () => {
      going = false;
      await running;
      return statuses;
    },
  };
}

describe("a deployment", () => {
  const deployment = () => new Deployment({ name: "tableware", model, replicas: 1 });
  let first: InstanceType<typeof Deployment>;

  it("tells each step, and scores as the model itself does", async () => {
    const lines: string[] = [];
    first = deployment();
    await first.deploy({ progress: (line) => void lines.push(line) });
    expect(lines.join("\n")).toMatch(/version 1 of the model written[\s\S]*1 of 1 replicas ready[\s\S]*ready at http/);
    const paths = dataset.images.slice(0, 10).map(({ storagePath }) => storagePath);
    const results = await first.scoreImage(paths, { parameters: { ADD_SOFTMAX: true } });
    const expected = await model.score({ images: dataset.images.slice(0, 10) });
    const scores = results.flatMap((result) => TransferLearningModel.parseSerializedResult(result));
    expect(scores).toHaveLength(expected.data.length);
    scores.forEach((score, i) => expect(score).toBeCloseTo(expected.data[i] ?? NaN, 5));
    const best = scores.indexOf(Math.max(...scores.slice(0, 4)));
    expect(model.classMap[best]).toBe((await model.predict({ images: dataset.images.slice(0, 1) }))[0]);
  });

  it("is found by its keys alone, and by its name", async () => {
    const { primary, secondary } = await first.getKeys();
    const source = dataset.images[0] ?? "";
    for (const serviceKey of [primary, secondary]) {
      await expect(Deployment.scoreExistingService(source, first.scoringUri, { serviceKey })).resolves.toMatch(/^\[/);
    }
    const wrong = Deployment.scoreExistingService(source, first.scoringUri, { serviceKey: "vk-of-another" });
    await expect(wrong).rejects.toMatchObject({ details: { status: 401 } });
    const found = await Deployment.open("tableware");
    expect(found.scoringUri).toBe(first.scoringUri);
    await expect(found.scoreImage(source)).resolves.toMatch(/^\[/);
    await expect(found.getKeys()).rejects.toMatchObject({ code: "NotReady" });
    const state = await Promise.all(
      (await readdir(join(home(), "tableware")))
        .filter((name) => /\.(json|log|out)$/.test(name))
        .map((name) => readFile(join(home(), "tableware", name), "utf8")),
    );
    expect(state.join("")).not.toContain(primary);
  });

  it("is asked by its snippets as they stand, in three languages", async () => {
    const folder = await mkdtemp(join(tmpdir(), "vitrine-snippets-"));
    const { curl, python, typescript } = await first.snippets();
    await copyFile(dataset.images[0]?.storagePath ?? "", join(folder, "picture.jpg"));
    await writeFile(join(folder, "ask.mjs"), (await transform(typescript, { loader: "ts" })).code);
    const env = { ...process.env, VITRINE_KEY: (await first.getKeys()).primary };
    const run = async (program: string, args: string[]) =>
      (await promisify(execFile)(program, args, { cwd: folder, env })).stdout;
    const [result = ""] = JSON.parse(await run("sh", ["-c", curl])) as string[];
    const expected = JSON.parse(result) as number[];
    expect(expected).toHaveLength(dataset.labels.length);
    const numbers = (text: string) =>
      (JSON.parse(text.replaceAll("'", '"')) as number[]).map((value) => value.toFixed(4));
    expect(numbers(await run(venvPython, ["-c", python]))).toEqual(numbers(result));
    expect(numbers(await run(process.execPath, ["ask.mjs"]))).toEqual(numbers(result));
    await rm(folder, { recursive: true });
  });

  it("refuses a second of its name, and leaves the first alone", async () => {
    await expect(deployment().deploy(silent)).rejects.toMatchObject({
      code: "DeploymentFailed",
      message: expect.stringMatching(/one of that name/) as string,
    });
    await expect(first.scoreImage(dataset.images[0] ?? "")).resolves.toMatch(/^\[/);
  });

  it("loses nothing while it is scaled, updated and rolled back", async () => {
    const svm = new FeatureClassifier(model, new LinearSVC({ C: 0.01 }));
    await svm.train(dataset);
    const load = askAllTheTime(first.scoringUri, (await first.getKeys()).primary);
    await first.scale(2, silent);
    expect((await first.status()).replicas.filter(({ role }) => role === "active")).toHaveLength(2);
    const before = await first.scoreImage(dataset.images[0] ?? "");
    await first.update(svm, silent);
    expect(await first.status()).toMatchObject({ version: 2, previous: [1] });
    expect(await first.scoreImage(dataset.images[0] ?? "")).not.toBe(before);
    await first.rollback(silent);
    expect(await first.scoreImage(dataset.images[0] ?? "")).toBe(before);
    await first.scale(1, silent);
    const statuses = await load.stop();
    expect(statuses.length).toBeGreaterThan(10);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it("keeps serving what it has where an update can't be served", async () => {
    const broken = {
      labels: ["a"],
      save: (path: string) => writeFileIn(path, "model.json", '{"format":"vitrine.TransferLearningModel"}'),
    };
    await expect(first.update(broken, silent)).rejects.toMatchObject({
      code: "DeploymentFailed",
      message: expect.stringMatching(/model\.json/) as string,
    });
    expect((await first.status()).version).toBe(1);
    await expect(first.scoreImage(dataset.images[0] ?? "")).resolves.toMatch(/^\[/);
  });

  it("loses nothing but time when a replica is killed with eight pictures under way, and replaces it", async () => {
    await waitFor(async () => (await first.status()).replicas.some(({ role }) => role === "spare"));
    const picture = await readFile(dataset.images[0]?.storagePath ?? "");
    const { primary } = await first.getKeys();
    const headers = { authorization: `Bearer ${primary}`, "content-type": "image/jpeg" };
    const ask = async () => (await fetch(first.scoringUri, { method: "POST", headers, body: picture })).status;
    const [victim] = (await first.status()).replicas.filter(({ role }) => role === "active");
    const eight = Array.from({ length: 8 }, ask);
    process.kill(victim?.pid ?? 0, "SIGKILL");
    await expect(Promise.all(eight)).resolves.toEqual(eight.map(() => 200));
    await expect(ask()).resolves.toBe(200);
    const status = await first.status();
    expect(status.restarts).toBeGreaterThanOrEqual(1);
    expect(status.replicas.map(({ pid }) => pid)).not.toContain(victim?.pid);
  });

  it("rotates and revokes keys while it runs", async () => {
    const source = dataset.images[0] ?? "";
    const { primary } = await first.getKeys();
    const ask = (serviceKey: string) => Deployment.scoreExistingService(source, first.scoringUri, { serviceKey });
    const fresh = await first.rotateKey("primary");
    await expect(ask(primary)).rejects.toMatchObject({ details: { status: 401 } });
    await expect(ask(fresh)).resolves.toMatch(/^\[/);
    await first.revokeKey("primary");
    await expect(ask(fresh)).rejects.toMatchObject({ details: { status: 401 } });
  });

  it("stops, and comes back with its address, model and keys, as after the machine was restarted", async () => {
    const { pid } = await first.status();
    const fresh = await first.rotateKey("secondary");
    const { scoringUri } = first;
    // Nothing was said before; as a power cut does.
    process.kill(pid, "SIGKILL");
    await waitFor(async () => !(await isAlive(pid)));
    const [listed] = await Deployment.list();
    expect(listed).toMatchObject({ name: "tableware", state: "stopped" });
    const found = await Deployment.open("tableware");
    await expect(found.scoreImage(dataset.images[0] ?? "")).rejects.toThrow(/start\(\)/);
    await found.start(silent);
    expect(found.scoringUri).toBe(scoringUri);
    const again = Deployment.scoreExistingService(dataset.images[0] ?? "", scoringUri, { serviceKey: fresh });
    await expect(again).resolves.toMatch(/^\[/);
    expect((await found.logs({ lines: 5 })).map((line) => JSON.parse(line) as object)).toHaveLength(5);
  });

  it("is gone after its deletion, processes, folder and all", async () => {
    const { pid, replicas } = await first.status();
    await first.delete();
    const alive = await Promise.all([pid, ...replicas.map((replica) => replica.pid)].map(isAlive));
    expect(alive).toEqual(alive.map(() => false));
    expect(await readdir(home())).toEqual([]);
    await expect(Deployment.exists("tableware")).resolves.toBe(false);
    await expect(first.delete()).rejects.toMatchObject({ code: "UnknownDeployment" });
    await expect(Deployment.deleteIfExists("tableware")).resolves.toBe(false);
    await expect(Deployment.open("tableware")).rejects.toThrow(/There is no deployment "tableware"; there are none/);
  });
});

describe("deploying", () => {
  it("lets one of two at once win, and outlives a killed notebook", async () => {
    const folder = await mkdtemp(join(tmpdir(), "vitrine-saved-"));
    const saved = join(folder, "model");
    await model.save(saved);
    const script = `
      const { Deployment, TransferLearningModel } = require(${JSON.stringify(inRoot("src", "kernel-lib", "dist", "index.js"))});
      TransferLearningModel.load(${JSON.stringify(saved)})
        .then((model) => new Deployment({ name: "orphan", model, spare: false }).deploy())
        .then(() => setInterval(() => undefined, 1000));`;
    const notebook = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    notebook.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await waitFor(() => Promise.resolve(said.includes("version 1 of the model written")));
    const second = new Deployment({ name: "orphan", model, spare: false });
    await expect(second.deploy(silent)).rejects.toMatchObject({ code: "DeploymentFailed" });
    await waitFor(() => Promise.resolve(said.includes("ready at")));
    notebook.kill("SIGKILL");
    await once(notebook, "exit");
    const found = await Deployment.open("orphan");
    await expect(found.scoreImage(dataset.images[0] ?? "")).resolves.toMatch(/^\[/);
    await expect(Deployment.deleteIfExists("orphan")).resolves.toBe(true);
    await rm(folder, { recursive: true });
  });

  it("leaves nothing where the port is taken, the model is not trained, or the disk takes nothing", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const taken = new Deployment({ name: "taken", model, port }).deploy(silent);
    await expect(taken).rejects.toMatchObject({
      code: "DeploymentFailed",
      message: expect.stringMatching(/port is taken/) as string,
    });
    other.close();
    const broken = new Deployment({
      name: "broken",
      model: { labels: ["a"], save: () => Promise.reject(new Error("not trained")) },
    });
    await expect(broken.deploy(silent)).rejects.toThrow(/not trained/);
    expect(await Deployment.list()).toEqual([]);
    expect(await readdir(home())).toEqual([]);
    const before = home();
    process.env["VITRINE_DEPLOYMENTS"] = "/dev/full/deployments";
    await expect(new Deployment({ name: "full", model }).deploy(silent)).rejects.toMatchObject({ code: "CannotWrite" });
    process.env["VITRINE_DEPLOYMENTS"] = before;
  });

  it("speaks https by a given certificate, and asks for no key where told so", async () => {
    const { cert, key } = await ownCertificate(home(), "localhost");
    const secure = new Deployment({ name: "secure", model, spare: false, keys: "none", tls: { cert, key } });
    await secure.deploy(silent);
    expect(secure.scoringUri).toMatch(/^https:/);
    await expect(secure.scoreImage(dataset.images[0] ?? "")).resolves.toMatch(/^\[/);
    const report = await secure.loadTest({
      concurrency: 2,
      seconds: 0.5,
      warmUp: 0,
      observer: null,
      thresholds: { errorRate: 0 },
    });
    expect(report).toMatchObject({ passed: true, errors: {} });
    // An answer that came after the half second is one, too.
    expect(report.latency.max).toBeGreaterThan(0);
    expect(report.processes.map(({ role }) => role)).toEqual(["service", "replica"]);
    await secure.delete();
  });
});

describe("a detector", () => {
  it("finds in the service what it finds itself", async () => {
    const picture = inRoot("sample_data", "fridge", "test", "JPEGImages", fridgePicture);
    const detector = new FasterRCNN({ labels: ["cup", "jug"], weights: "random", imageSize: [160, 200], seed: 1 });
    const service = new Deployment({ name: "fridge", model: detector, spare: false });
    await service.deploy(silent);
    const found = FasterRCNN.parseSerializedResult(await service.scoreImage(picture));
    const expected = await detector.score(picture);
    expect(found.numDetections).toBeGreaterThan(0);
    expect(found).toMatchObject({ numDetections: expected.numDetections, detectionLabels: expected.detectionLabels });
    found.detectionScores.forEach((score, i) => expect(score).toBeCloseTo(expected.detectionScores[i] ?? NaN, 5));
    found.detectionBoxes
      .flat()
      .forEach((side, i) => expect(side).toBeCloseTo(expected.detectionBoxes.flat()[i] ?? NaN, 5));
    await service.delete();
  });
});

describe("options", () => {
  it.each([
    [{ name: "No Name" }, /lower-case letters/],
    [{ name: "../up" }, /lower-case letters/],
    [{ replicas: 0 }, /an integer between 1 and 64 for replicas but received 0/],
    [{ host: "0.0.0.0", keys: "none" }, /"required" where the service listens on more than a loopback/],
    [{ host: "example.org" }, /an IP address/],
    [{ cors: ["*"] }, /an origin/],
    [{ tls: { cert: "/nowhere.pem", key: "/nowhere.pem" } }, /PEM/],
    [{ enviroment: "local" }, /enviroment/],
    [{ environment: "cluster" }, /"local"/],
    [{ model: {} }, /a trained model/],
  ])("refuses %j", (options, message) => {
    expect(() => new Deployment({ name: "fine", model, ...(options as object) })).toThrow(message);
  });
});

async function writeFileIn(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 150_000;
  while (performance.now() < until) {
    if (await condition()) return;
    await wait(20);
  }
  throw new Error("It did not come");
}
