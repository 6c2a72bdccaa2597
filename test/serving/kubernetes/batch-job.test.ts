/** A batch as an indexed Job: played, or real where `cluster.ts` is told of one. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { scoreFolder } from "../../../src/kernel-lib/serving/batch/batch-scoring.js";
import { testCluster, type TestCluster } from "./cluster.js";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await testCluster();
});
afterAll(async () => {
  await cluster.close();
});

const batch = (more: object = {}, kubernetes: object = {}) =>
  scoreFolder({
    input: "pictures",
    output: "results",
    environment: "kubernetes",
    name: "holidays",
    workers: 2,
    shards: 5,
    progress: null,
    ...more,
    kubernetes: { kubeconfig: cluster.kubeconfig, image: "registry.example/batch:v1", claim: "archive", ...kubernetes },
  });
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const job = () => cluster.api("GET", "/apis/batch/v1/namespaces/shop/jobs/holidays");

describe("a batch in a cluster", () => {
  it("counts each shard once where a node dies", async () => {
    const lines: string[] = [];
    const report = await batch({ progress: (line: string) => void lines.push(line) });
    // Five shards of ten; the pod of the second went with its node, and was made again.
    expect(report).toMatchObject({ shards: 5, pictures: 50, failed: 1, lostWorkers: 1 });
    expect(String(report)).toMatch(
      /50 pictures, 1 of them could not be scored, in 5 shards .* 1 worker lost on the way, nothing counted twice/,
    );
    expect(lines.join("\n")).toMatch(/5 shards by 2 pods at a time[\s\S]*5 of 5 shards/);
    const made = await job();
    expect(made).toMatchObject({
      spec: {
        completionMode: "Indexed",
        completions: 5,
        parallelism: 2,
        template: {
          spec: {
            restartPolicy: "Never",
            containers: [{ args: expect.arrayContaining(["--input", "/mnt/batch/pictures"]) as unknown }],
            volumes: [{ persistentVolumeClaim: { claimName: "archive" } }, {}],
          },
        },
      },
    });
  });

  it("is not made twice under one name", async () => {
    expect(await failureOf(batch())).toMatchObject({ code: "DeploymentFailed", details: { kind: "exists" } });
  });

  it("leaves no Job where its image can't be pulled", async () => {
    const failure = await failureOf(batch({ name: "missing" }, { image: "registry.example/missing:v1" }));
    expect(failure).toMatchObject({ code: "DeploymentFailed", details: { kind: "image-pull" } });
    await expect(cluster.api("GET", "/apis/batch/v1/namespaces/shop/jobs/missing")).rejects.toThrow(
      /404|deletionTimestamp/,
    );
  });

  it("says who may not, and what is missing of the options", async () => {
    expect(String(await failureOf(batch({}, { context: "guest" })))).toMatch(
      /guest may not create jobs.batch in the namespace shop/,
    );
    await expect(batch({}, { claim: "" })).rejects.toThrow(/Expected a text that is not empty for kubernetes.claim/);
  });
});
