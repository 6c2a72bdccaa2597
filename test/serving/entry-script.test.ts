/** Document 004 from a registered model to a service, with real processes; and scripts that go wrong. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type {
  Model as RegisteredModel,
  Webservice as Service,
  Workspace as OpenWorkspace,
} from "../../src/kernel-lib/index.js";
import { ownDeployments, vitrine } from "./trained-model.js";

const { Deployment, deployConfiguration, Environment, InferenceConfig, Model, Webservice, Workspace } = vitrine;

const SCRIPT = `import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { scale } from "./scale.js";

let factors: number[] = [];

export async function init({ models, modelDir }: { models: { name: string; version: number; path: string }[]; modelDir: string }): Promise<void> {
  const wanted = process.env.WANTED;
  if (wanted === "throw") throw new Error("no weights for me");
  if (wanted === "loop") for (;;) {}
  if (wanted === "memory") { const hog: Buffer[] = []; for (;;) hog.push(Buffer.alloc(20e6, 1)); }
  factors = JSON.parse(readFileSync(models[0].path, "utf8"));
  console.log("ready with", models[0].name, models[0].version, modelDir === process.env.VITRINE_MODEL_DIR);
}

export async function run(raw: string | Uint8Array): Promise<unknown> {
  if (typeof raw !== "string") return { bytes: raw.length };
  const { what, n, place } = JSON.parse(raw) as { what?: string; n: number; place: string };
  if (what === "loop") for (;;) {}
  if (what === "heap") { const hog: unknown[] = []; for (;;) hog.push(new Array(1e5).fill(hog.length)); }
  if (what === "buffers") { const hog: Buffer[] = []; for (;;) hog.push(Buffer.alloc(20e6, 1)); }
  if (what === "throw") throw new RangeError("not like this");
  if (what === "blame") throw Object.assign(new Error("n is missing"), { status: 422 });
  if (what === "exit") process.exit(3);
  if (what === "later") setTimeout(() => { throw new Error("a moment later"); }, 10);
  if (what === "undefined") return undefined;
  if (what === "wait" || what === "later") await new Promise((resolve) => setTimeout(resolve, 100));
  if (what === "meet") {
    writeFileSync(place + "/" + process.pid, "");
    while (readdirSync(place).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return scale(factors, n);
}
`;

let folder: string;
let cleanUp: () => Promise<void>;
let workspace: OpenWorkspace;
let model: RegisteredModel;

beforeAll(async () => {
  cleanUp = await ownDeployments();
  folder = await mkdtemp(join(tmpdir(), "vitrine-entry-"));
  await writeFile(join(folder, "score.ts"), SCRIPT);
  await writeFile(
    join(folder, "scale.ts"),
    "export const scale = (factors: number[], n: number): Float64Array => Float64Array.from(factors, (factor) => factor * n);\n",
  );
  await writeFile(join(folder, "factors.json"), "[1,2,3]");
  await writeFile(join(folder, "env.yml"), 'name: plain\nnode: ">=20.19"\nvariables: { HELLO: world }\n');
  workspace = await Workspace.create({ name: "scripts", path: folder });
  model = await Model.register({ workspace, modelPath: join(folder, "factors.json"), modelName: "factors" });
});
afterAll(async () => {
  await cleanUp();
  await rm(folder, { recursive: true, force: true });
});

const config = (variables?: Record<string, string>) =>
  new InferenceConfig({
    entryScript: join(folder, "score.ts"),
    environment: new Environment({ name: "e", ...(variables && { variables }) }),
  });

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  await expect.poll(condition, { timeout: 150_000, interval: 50 }).toBe(true);
}

describe("a service with an entry script", () => {
  let service: Service;
  const ask = async (body: string | Uint8Array, key?: string) => {
    const headers = {
      authorization: `Bearer ${key ?? (await service.getKeys()).primary}`,
      "content-type": typeof body === "string" ? "application/json" : "application/octet-stream",
    };
    const answer = await fetch(service.scoringUri, { method: "POST", headers, body: body as BodyInit });
    return {
      status: answer.status,
      id: answer.headers.get("x-request-id") ?? "",
      body: (await answer.json()) as unknown,
    };
  };
  const replicas = async () => (await service.deployment.status()).replicas;
  const settled = () => waitFor(async () => (await replicas()).some(({ role }) => role === "spare"));

  it("is deployed from a workspace's model, and says each step", async () => {
    const environment = await Environment.fromFile(join(folder, "env.yml"));
    const inference = new InferenceConfig({ entryScript: join(folder, "score.ts"), environment });
    const settings = deployConfiguration({
      memoryGb: 0.4,
      // Whatever else ends a script is quicker than that on the slowest machine.
      scoringTimeout: 20_000,
      tags: { data: "factors" },
      description: "scales",
    });
    service = await Model.deploy(workspace, "factors", [new Model(workspace, "factors")], inference, settings);
    expect(service.state).toBe("Transitioning");
    await service.waitForDeployment();
    expect(service.state).toBe("Healthy");
    expect(await service.deployment.status()).toMatchObject({
      state: "ready",
      model: "entry script score.ts with factors:1",
      tags: { data: "factors" },
      description: "scales",
    });
  });

  it("answers what run() returns, to its owner and to who has a key", async () => {
    expect(await service.run({ n: 2 })).toEqual([2, 4, 6]);
    expect(await service.run('{"n":3}')).toEqual([3, 6, 9]);
    expect(await service.run({ n: 1, what: "wait" })).toEqual([1, 2, 3]);
    expect(await service.run(Uint8Array.of(1, 2, 3))).toEqual({ bytes: 3 });
    expect(await ask('{"n":2}')).toMatchObject({ status: 200, body: [2, 4, 6] });
    expect(await ask('{"n":2}', "vk-wrong")).toMatchObject({ status: 401 });
    await waitFor(async () => (await service.getLogs()).includes("ready with factors 1 true"));
  });

  it("is asked by its snippets: with an input of one's own, not with a picture", async () => {
    const { curl, python, typescript } = await service.deployment.snippets();
    for (const text of [curl, python, typescript]) expect(text).toMatch(/input\.json/);
    expect(curl + python + typescript).not.toMatch(/picture|SOFTMAX/);
    await writeFile(join(folder, "input.json"), '{"n":4}');
    const env = { ...process.env, VITRINE_KEY: (await service.getKeys()).primary };
    const { stdout } = await promisify(execFile)("sh", ["-c", curl], { cwd: folder, env });
    expect(JSON.parse(stdout)).toEqual([4, 8, 12]);
  });

  it("is found again, with its state", async () => {
    const found = await Webservice.open("factors");
    expect([found.state, found.scoringUri]).toEqual(["Healthy", service.scoringUri]);
    expect(await found.run({ n: 5 })).toEqual([5, 10, 15]);
    await expect(found.getKeys()).rejects.toMatchObject({ code: "NotReady" });
  });

  it("answers 400 to what is no JSON, 4xx where the script says so, and 500 with its log's line where it throws", async () => {
    expect(await ask("{")).toMatchObject({ status: 400, body: { error: { code: "InvalidRequest" } } });
    expect(await ask('{"what":"blame"}')).toMatchObject({ status: 422, body: { error: { message: "n is missing" } } });
    const { status, id, body } = await ask('{"what":"throw"}');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain("not like this");
    const find = async () =>
      (await service.getLogs()).split("\n").find((one) => one.includes(id) && one.includes("not like this"));
    await waitFor(async () => (await find()) !== undefined);
    expect(await find()).toContain("run() of score.ts threw RangeError: not like this (score.ts:21:31)");
    await expect(service.run({ what: "undefined" })).rejects.toThrow(/undefined, which is no JSON/);
    // The script goes on where it was its own error.
    expect((await service.deployment.status()).restarts).toBe(0);
  });

  it.each([
    ["an endless loop", "loop", 504, /did not end within 20 s/],
    ["a heap that grows", "heap", 500, /more memory than the 410 MiB/],
    ["buffers that grow", "buffers", 500, /more memory than the 410 MiB/],
    ["a script that ends its process", "exit", 500, /ended its own thread with code 3/],
    ["an error that nobody catches", "later", 500, /a moment later \(score\.ts:24/],
  ])(
    "ends one replica over %s, answers the next request, and has a fresh one",
    async (_what, what, status, message) => {
      await settled();
      const [before] = (await replicas()).filter(({ role }) => role === "active");
      const { restarts } = await service.deployment.status();
      const failing = service.run({ what });
      const health = await fetch(new URL("/health", service.scoringUri));
      expect(health.status).toBe(200);
      await expect(failing).rejects.toMatchObject({
        code: "ScoringFailed",
        message: expect.stringMatching(message) as string,
        details: { status },
      });
      expect(await service.run({ n: 2 })).toEqual([2, 4, 6]);
      await settled();
      const after = await service.deployment.status();
      expect(after.restarts).toBe(restarts + 1);
      expect(after.replicas.map(({ pid }) => pid)).not.toContain(before?.pid);
    },
  );

  it("loses one request, not two, to a replica that is killed", async () => {
    await settled();
    const [victim] = (await replicas()).filter(({ role }) => role === "active");
    const lost = service.run({ what: "loop" }).catch((error: unknown) => error);
    await waitFor(async () => (await replicas()).some(({ pid, pictures }) => pid === victim?.pid && pictures === 1));
    const next = service.run({ n: 1 });
    await waitFor(async () => (await service.deployment.status()).queue.waiting === 1);
    process.kill(victim?.pid ?? 0, "SIGKILL");
    expect(await lost).toMatchObject({ details: { status: 502 } });
    expect(await next).toEqual([1, 2, 3]);
  });

  it("loses nothing while it is scaled, updated and rolled back; two replicas answer two at once", async () => {
    await settled();
    const stop = new AbortController();
    const statuses: number[] = [];
    const client = async () => {
      while (!stop.signal.aborted) {
        statuses.push((await ask('{"n":2}')).status);
        await wait(20);
      }
    };
    const clients = Promise.all([client(), client()]);
    await service.deployment.scale(2, { progress: null });
    expect((await replicas()).filter(({ role }) => role === "active")).toHaveLength(2);
    // One request at a time is a replica's; the second replica has the second, and each waits for the other.
    const place = await mkdtemp(join(folder, "meeting-"));
    const meeting = [service.run({ n: 1, what: "meet", place }), service.run({ n: 1, what: "meet", place })];
    expect(await Promise.all(meeting)).toEqual([[1, 2, 3], [1, 2, 3]]); // prettier-ignore
    await service.update({ models: [model], inferenceConfig: config({ WANTED: "nothing" }) }, { progress: null });
    await service.deployment.rollback({ progress: null });
    await service.deployment.scale(1, { progress: null });
    stop.abort();
    await clients;
    expect(statuses.length).toBeGreaterThan(10);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it("takes another version and goes back, under the same keys", async () => {
    await settled();
    await writeFile(join(folder, "factors.json"), "[10]");
    const second = await Model.register({ workspace, modelPath: join(folder, "factors.json"), modelName: "factors" });
    await service.update({ models: [second], inferenceConfig: config() }, { progress: null });
    expect(await ask('{"n":2}')).toMatchObject({ status: 200, body: [20] });
    await expect(
      service.update({ models: [second], inferenceConfig: config({ WANTED: "throw" }) }, { progress: null }),
    ).rejects.toThrow(/no weights for me/);
    expect(await service.run({ n: 2 })).toEqual([20]);
    await service.deployment.rollback({ progress: null });
    expect(await ask('{"n":2}')).toMatchObject({ status: 200, body: [2, 4, 6] });
    const metrics = await fetch(new URL("/metrics", service.scoringUri), {
      headers: { authorization: `Bearer ${(await service.getKeys()).primary}` },
    });
    expect(await metrics.text()).toMatch(/vitrine_requests_total\{route="\/score",status="504",service="factors"\} 1/);
  });

  it("is measured under load by inputs of its own", async () => {
    const report = await service.deployment.loadTest({
      // The first two are sent at once, and are waited for.
      inputs: [{ n: 1 }, { n: 3, what: "blame" }, '{"n":2}'],
      concurrency: 2,
      seconds: 1,
      warmUp: 0,
      observer: null,
    });
    expect(report.latency.max).toBeGreaterThan(0);
    expect(Object.keys(report.errors)).toEqual(["422"]);
    await expect(service.deployment.loadTest({ inputs: [] })).rejects.toMatchObject({ details: { option: "inputs" } });
  });

  it("is deleted; its models stay", async () => {
    await service.delete();
    expect(await Deployment.exists("factors")).toBe(false);
    expect(Model.list(workspace, { name: "factors" })).toHaveLength(2);
  });
});

describe("a service with a limit of requests a second", () => {
  it("refuses what a key asks too often, and lets the other key ask", async () => {
    // One in ten seconds: six that are sent at once come within those.
    const limited = deployConfiguration({ rateLimit: 0.1, spare: false, memoryGb: 0.4 });
    const service = await Model.deploy(workspace, "limited", [model], config(), limited);
    await service.waitForDeployment();
    const { primary, secondary } = await service.getKeys();
    const ask = (key: string) =>
      fetch(service.scoringUri, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: '{"n":1}',
      });
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(primary)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await ask(secondary)).status).toBe(200);
    await waitFor(async () => (await ask(primary)).status === 200);
    await service.delete();
  });
});

describe("a deployment that can't be", () => {
  it.each([
    ["throw", {}, /score\.ts: Error: no weights for me \(score\.ts:8:33\)/],
    ["loop", { initTimeout: 3000 }, /init\(\) of score\.ts did not end within 3 s/],
    ["memory", {}, /init\(\) of score\.ts took more memory than the 410 MiB/],
  ])("fails with the script's own words where init() is to %s, and leaves nothing", async (wanted, more, reason) => {
    const limits = deployConfiguration({ ...more, memoryGb: 0.4 });
    const service = await Model.deploy(workspace, "failing", [model], config({ WANTED: wanted }), limits);
    await expect(service.waitForDeployment()).rejects.toMatchObject({
      code: "DeploymentFailed",
      message: expect.stringMatching(reason) as string,
    });
    expect(service.state).toBe("Failed");
    expect(await Deployment.exists("failing")).toBe(false);
    await service.delete();
  });

  it("fails at once where a model was changed in the registry", async () => {
    await writeFile(join(workspace.registry, "models", "factors", "1", "files", "factors.json"), "[4]");
    await expect(Model.deploy(workspace, "changed", [model], config())).rejects.toMatchObject({
      details: { where: "SHA-256" },
    });
    expect(await readFile(join(folder, "score.ts"), "utf8")).toBe(SCRIPT);
  });
});
