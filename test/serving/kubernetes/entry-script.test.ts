/**
 * Document 004 in a cluster: registered models and an entry script, built into an image whose own command runs as a process of the played
 * node. The cluster is played, or real where `cluster.ts` is told of one.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type {
  Model as RegisteredModel,
  Webservice as Service,
  Workspace as OpenWorkspace,
} from "../../../src/kernel-lib/index.js";
import { vitrine } from "../trained-model.js";
import { testCluster, type TestCluster } from "./cluster.js";
import { playedEngine, type PlayedEngine } from "./played-engine.js";

const { Deployment, deployConfiguration, Environment, InferenceConfig, Model, Webservice, Workspace } = vitrine;

const SCRIPT = `import { readFileSync } from "node:fs";

let factors: number[] = [];

export function init({ models }: { models: { path: string }[] }): void {
  if (process.env.WANTED === "throw") throw new Error("no weights for me");
  factors = JSON.parse(readFileSync(models[0].path, "utf8"));
  console.log("ready with", factors.length, "factors for", process.env.CITY);
}

export function run(raw: string): unknown {
  const { n, what } = JSON.parse(raw) as { n: number; what?: string };
  if (what === "buffers") { const hog: Buffer[] = []; for (;;) hog.push(Buffer.alloc(20e6, 1)); }
  if (what === "throw") throw new RangeError("not like this");
  return factors.map((factor) => factor * n);
}
`;

let cluster: TestCluster;
let engine: PlayedEngine;
let folder: string;
let workspace: OpenWorkspace;
let model: RegisteredModel;
let service: Service;

beforeAll(async () => {
  cluster = await testCluster();
  engine = await playedEngine(cluster.nodeHome);
  folder = await mkdtemp(join(tmpdir(), "vitrine-cluster-script-"));
  await writeFile(join(folder, "score.ts"), SCRIPT);
  workspace = await Workspace.create({ name: "scripts", path: folder });
  model = await register([1, 2, 3]);
});
afterAll(async () => {
  engine.close();
  await cluster.close();
  await rm(folder, { recursive: true, force: true });
});

async function register(factors: readonly number[]): Promise<RegisteredModel> {
  await writeFile(join(folder, "factors.json"), JSON.stringify(factors));
  return Model.register({ workspace, modelPath: join(folder, "factors.json"), modelName: "factors" });
}

const config = (variables: Record<string, string> = { CITY: "Wien" }) =>
  new InferenceConfig({
    entryScript: join(folder, "score.ts"),
    environment: new Environment({ name: "e", variables }),
  });
const place = () => ({ kubeconfig: cluster.kubeconfig });
const choice = () => ({ environment: "kubernetes" as const, ...place() });
const settings = () =>
  deployConfiguration({
    environment: "kubernetes",
    cpuCores: 0.5,
    memoryGb: 0.5,
    kubernetes: { ...place(), registry: "registry.example/team", serviceType: "LoadBalancer" },
    tags: { data: "factors" },
    description: "scales",
  });
const pods = async () => (await service.deployment.status()).pods ?? [];

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 150_000;
  while (performance.now() < until) {
    if (await condition()) return;
    await wait(50);
  }
  throw new Error("it did not come");
}

/** With one of the keys, as a client would who has a way in. */
async function ask(key: string, body: object): Promise<{ status: number; body: unknown }> {
  const { uri } = await service.deployment.address();
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", connection: "close" };
  const answer = await fetch(`${uri}/score`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

describe("an entry script in a cluster", () => {
  it("is built, pushed, and waited for with what the cluster tells", async () => {
    service = await Model.deploy(workspace, "factors", [model], config(), settings());
    expect(service.state).toBe("Transitioning");
    await service.waitForDeployment();
    expect(service.state).toBe("Healthy");
    expect(await engine.calls()).toMatch(/build --tag registry.example\/team\/factors:v1-\w+ \S+\npush /);
    expect(await service.deployment.status()).toMatchObject({
      environment: "kubernetes",
      state: "ready",
      wanted: 1,
      tags: { data: "factors" },
      description: "scales",
    });
    expect(service.scoringUri).toBe("http://factors.shop/score");
    // For others, not the way in that this process has.
    expect(String(await service.deployment.snippets())).toMatch(
      /curl "http:\/\/factors.shop\/score"[\s\S]*VITRINE_KEY[\s\S]*input.json/,
    );
  });

  it("answers what run() returns, to its owner and to who has a key", async () => {
    expect(await service.run({ n: 2 })).toEqual([2, 4, 6]);
    const { primary } = await service.getKeys();
    expect(await ask(primary, { n: 3 })).toEqual({ status: 200, body: [3, 6, 9] });
    expect(await ask("vk-wrong", { n: 3 })).toMatchObject({ status: 401 });
    await expect(service.run({ n: 1, what: "throw" })).rejects.toThrow(
      /threw RangeError: not like this \(score.ts:14:/,
    );
    expect(await service.getLogs()).toMatch(/ready with 3 factors for Wien/);
  });

  it("ends its replica, not its pod, where it takes too much memory", async () => {
    const [before] = await pods();
    await expect(service.run({ n: 1, what: "buffers" })).rejects.toMatchObject({
      details: { status: 500 },
      message: expect.stringMatching(/more memory than the 512 MiB of its replica/) as string,
    });
    // Meanwhile no pod is ready; whoever asks waits.
    expect(await service.run({ n: 1 })).toEqual([1, 2, 3]);
    expect(await pods()).toMatchObject([{ name: before?.name, restarts: 0 }]);
    const { items } = (await cluster.api("GET", "/api/v1/namespaces/shop/pods")) as {
      items: { spec: { containers: { resources: { limits: object } }[] } }[];
    };
    // The script's, and the front's beside.
    expect(items[0]?.spec.containers[0]?.resources.limits).toMatchObject({ memory: "704Mi" });
  });

  it("is found again from anywhere, has its keys rotated without a restart, and is scaled", async () => {
    const found = await Webservice.open("factors", choice());
    await waitFor(async () => (await found.updateDeploymentState()) === "Healthy");
    expect(await found.run({ n: 5 })).toEqual([5, 10, 15]);
    await expect(found.getKeys()).rejects.toMatchObject({ code: "NotReady" });
    const { primary } = await service.getKeys();
    const fresh = await service.deployment.rotateKey("primary");
    await waitFor(async () => (await ask(fresh, { n: 1 })).status === 200);
    expect(await ask(primary, { n: 1 })).toMatchObject({ status: 401 });
    await found.deployment.scale(2, { progress: null });
    expect((await pods()).map(({ ready, restarts }) => [ready, restarts])).toEqual([[true, 0], [true, 0]]); // prettier-ignore
    await found.deployment.scale(1, { progress: null });
  });

  it("takes another version pod by pod and goes back, under the same keys; a request is never lost", async () => {
    const statuses: unknown[] = [];
    const stop = new AbortController();
    const asking = (async () => {
      while (!stop.signal.aborted) {
        statuses.push(await service.run({ n: 1 }).then(() => 200, String));
        await wait(20);
      }
    })();
    const second = await register([10]);
    await service.update({ models: [second], inferenceConfig: config() }, { progress: null });
    expect(await service.run({ n: 2 })).toEqual([20]);
    const { secondary } = await service.getKeys();
    expect(await ask(secondary, { n: 2 })).toEqual({ status: 200, body: [20] });
    await service.deployment.rollback({ progress: null });
    expect(await service.run({ n: 2 })).toEqual([2, 4, 6]);
    stop.abort();
    await asking;
    expect(statuses.length).toBeGreaterThan(10);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it("tells the script's own words where init() throws, and leaves the version before in place", async () => {
    const failing = service.update(
      { models: [model], inferenceConfig: config({ WANTED: "throw" }) },
      { progress: null },
    );
    await expect(failing).rejects.toMatchObject({
      code: "DeploymentFailed",
      message: expect.stringMatching(
        /ended with 1, again and again; it said: score\.ts: Error: no weights for me \(score\.ts:6:\d+\); its log ends with:/,
      ) as string,
      details: { kind: "crash-loop" },
    });
    expect(await service.run({ n: 2 })).toEqual([2, 4, 6]);
    expect(await service.deployment.status()).toMatchObject({ version: 1 });
  });

  it("has its load balancer's address once there is one", async () => {
    const status = { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } };
    await cluster.api(
      "PATCH",
      "/api/v1/namespaces/shop/services/factors/status",
      { status },
      "application/merge-patch+json",
    );
    expect((await Webservice.open("factors", choice())).scoringUri).toBe("http://203.0.113.7/score");
  });

  it("is replaced where that is said, in its own namespace, and deleted; its models stay", async () => {
    const deploying = await Model.deploy(workspace, "factors", [await register([7])], config(), settings());
    await expect(deploying.waitForDeployment()).rejects.toMatchObject({ details: { kind: "exists" } });
    expect(deploying.state).toBe("Failed");
    service = await Model.deploy(workspace, "factors", [new Model(workspace, "factors")], config(), settings(), {
      overwrite: true,
    });
    await service.waitForDeployment();
    expect(await service.run({ n: 1 })).toEqual([7]);
    await service.delete();
    expect(await Deployment.exists("factors", choice())).toBe(false);
    expect(Model.list(workspace, { name: "factors" })).toHaveLength(3);
  });
});
