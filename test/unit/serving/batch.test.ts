/** Shards, leases and what is published: with a model that says what it is told, in one process. */
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openPlan, picturesOf, publish, type BatchPlan } from "../../../src/kernel-lib/serving/batch/batch-plan.js";
import { scoreFolder } from "../../../src/kernel-lib/serving/batch/batch-scoring.js";
import { ShardLeases } from "../../../src/kernel-lib/serving/batch/shard-lease.js";
import { finishedShards, readShard, readSummaries } from "../../../src/kernel-lib/serving/batch/shard-results.js";
import { MAX_ATTEMPTS, workShards } from "../../../src/kernel-lib/serving/batch/shard-worker.js";
import type { ServedModel } from "../../../src/kernel-lib/serving/models/served-model.js";
import { VitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { classified } from "./stand-in-replica.js";

let home: string;
let input: string;
let output: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "vitrine-batch-"));
  [input, output] = [join(home, "pictures"), join(home, "results")];
  await mkdir(join(input, "below"), { recursive: true });
});
afterEach(() => rm(home, { recursive: true, force: true }));

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
const writePictures = async (count: number) => {
  for (let i = 0; i < count; i++)
    await writeFile(
      join(input, i % 2 === 0 ? "below" : ".", `p${String(i).padStart(3, "0")}`),
      Buffer.concat([PNG, Buffer.from([i])]),
    );
};

/** Scores by the last byte; a picture of 13 is none. */
const model = (before: () => Promise<void> = () => Promise.resolve()): ServedModel => ({
  metadata: { kind: "classification", labels: ["odd", "even"], description: "a stand-in" },
  together: true,
  prepare: ({ picture }) => {
    const last = picture.at(-1) ?? 0;
    if (last === 13) return Promise.reject(new VitrineError("InvalidImage", { path: "picture", reason: "it is 13" }));
    return Promise.resolve(last);
  },
  score: async (prepared) => {
    await before();
    return prepared.map((last) => classified(Number(last) % 2, 1 - (Number(last) % 2)));
  },
});
const options = (plan: BatchPlan, owner: string, lease = 400) => ({
  input,
  output,
  plan,
  owner,
  lease,
  maxBatch: 4,
  maxPixels: 1e6,
});

describe("a plan", () => {
  it("has every picture in one shard, whatever their numbers", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 60 }), (count, shards) => {
        const pictures = Array.from({ length: count }, (_, i) => String(i));
        const plan: BatchPlan = { format: "vitrine.batch", version: 1, shards: Math.min(shards, count), pictures };
        const dealt = Array.from({ length: plan.shards }, (_, shard) => picturesOf(plan, shard));
        expect(dealt.flat()).toEqual(pictures);
        const sizes = dealt.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("finds pictures by their content, and stays as it was first made", async () => {
    await writePictures(4);
    await writeFile(join(input, "notes.png"), "no picture at all, whatever it is called");
    await writeFile(join(input, ".hidden"), PNG);
    const [one, other] = await Promise.all([openPlan(input, output, 3), openPlan(input, output, 2)]);
    expect(one).toEqual(other);
    expect(one.pictures).toEqual(["below/p000", "below/p002", "p001", "p003"]);
    await writePictures(6);
    expect((await openPlan(input, output, 5)).pictures).toHaveLength(4);
    await expect(openPlan(home, join(home, "elsewhere"), 1)).resolves.toMatchObject({ shards: 1 });
    await rm(input, { recursive: true });
    await mkdir(input);
    await expect(openPlan(input, join(home, "none"), 1)).rejects.toMatchObject({ code: "InvalidDataset" });
  });
});

describe("shards", () => {
  it("are scored by several workers, each once; a picture at fault has its reason", async () => {
    await writePictures(20);
    const plan = await openPlan(input, output, 7);
    const published: string[] = [];
    const onShard = (_: unknown, how: string) => void published.push(how);
    await Promise.all(["a", "b", "c"].map((owner) => workShards(model(), { ...options(plan, owner), onShard })));
    const summaries = await readSummaries(output, plan);
    expect(summaries.reduce((sum, { pictures }) => sum + pictures, 0)).toBe(20);
    expect(summaries.reduce((sum, { failed }) => sum + failed, 0)).toBe(1);
    expect(published.filter((how) => how === "first")).toHaveLength(7);
    const all = (await Promise.all(summaries.map(({ shard }) => readShard(output, shard)))).flatMap(
      ({ results }) => results,
    );
    expect(all.map(({ picture }) => picture)).toEqual(plan.pictures);
    expect(all.find(({ picture }) => picture === "p013")?.error).toMatchObject({ code: "InvalidImage" });
    const [even, odd] = [Math.exp(1) / (Math.exp(1) + 1), 1 / (Math.exp(1) + 1)];
    const scores = all.find(({ picture }) => picture === "below/p004")?.result as number[];
    expect(scores[0]).toBeCloseTo(odd, 6);
    expect(scores[1]).toBeCloseTo(even, 6);
    // Nothing half-done is left, and what is done is not done again.
    expect((await readdir(join(output, "shards"))).filter((name) => name.endsWith(".part"))).toEqual([]);
    await workShards(
      model(() => Promise.reject(new Error("scored again"))),
      options(plan, "d"),
    );
  });

  it("of a worker that fell silent go to another, and what it still brings is dropped", async () => {
    await writePictures(3);
    const plan = await openPlan(input, output, 1);
    let wake: () => void = () => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    const told: string[] = [];
    const silent = workShards(
      model(() => asleep),
      // It does not touch its lease while this goes on.
      { ...options(plan, "silent", 60_000), onShard: (_, how) => void told.push(`silent ${how}`) },
    );
    const lease = join(output, "leases", "000000");
    await expect.poll(() => readdir(join(output, "leases")).catch(() => [])).toContain("000000.attempts");
    // As if nobody had touched it for long: its machine is gone.
    const past = new Date(Date.now() - 60_000);
    await utimes(lease, past, past);
    await workShards(model(), {
      ...options(plan, "other", 2000),
      onShard: (_, how) => void told.push(`other ${how}`),
    });
    wake();
    await silent;
    expect(told).toEqual(["other first", "silent second"]);
    expect((await readShard(output, 0)).summary).toMatchObject({ worker: "other", pictures: 3 });
  });

  it("that end every worker are given up, with a word for each picture", async () => {
    await writePictures(2);
    const plan = await openPlan(input, output, 1);
    const broken = model(() => Promise.reject(new Error("out of memory")));
    for (let i = 0; i < MAX_ATTEMPTS; i++)
      await expect(workShards(broken, options(plan, `w${i}`))).rejects.toThrow("out of memory");
    await workShards(broken, options(plan, "last"));
    const { summary, results } = await readShard(output, 0);
    expect(summary.failed).toBe(2);
    expect(results.map(({ error }) => error?.code)).toEqual(["GivenUp", "GivenUp"]);
  });

  it("are leased to one at a time", async () => {
    const taken = await Promise.all(["a", "b", "c", "d"].map((owner) => new ShardLeases(output, owner, 5000).take(3)));
    const held = taken.filter((lease) => lease !== undefined);
    expect(held).toHaveLength(1);
    await held[0]?.release();
    const again = await new ShardLeases(output, "e", 5000).take(3);
    expect(again?.attempt).toBe(2);
    await again?.release();
  });

  it("are published once, whole", async () => {
    const path = join(output, "shards", "000000.jsonl");
    const told = await Promise.all(["one", "two", "three"].map((text) => publish(path, `${text}\n`)));
    expect(told.filter((how) => how === "first")).toHaveLength(1);
    expect(await finishedShards(output)).toEqual(new Set([0]));
    expect(await readdir(join(output, "shards"))).toEqual(["000000.jsonl"]);
  });
});

describe("options of a batch", () => {
  it("are refused by name", async () => {
    const refused = (more: object) => expect(scoreFolder({ input, output, ...more })).rejects;
    await refused({}).toThrow(/Expected a trained model, or the folder of a saved one, for model/);
    await refused({ model: home, worker: 2 }).toThrow(/Expected one of model, input/);
    await refused({ model: home, ray: { address: "127.0.0.1:8265" } }).toThrow(/the address of a Ray dashboard/);
    await refused({ environment: "kubernetes" }).toThrow(/kubernetes.image/);
    await writePictures(1);
    await refused({ model: home }).toMatchObject({ code: "MissingFile" });
  });
});
