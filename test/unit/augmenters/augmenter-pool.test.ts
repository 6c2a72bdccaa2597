import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { AugmenterPool, augmenterPool } from "../../../src/kernel-lib/augmenters/augmenter-pool.js";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { sentAugmenter } from "../../../src/kernel-lib/augmenters/recipe.js";
import { picture } from "./picture.js";

const { AdditiveGaussianNoise, Affine, Fliplr, Lambda, Sequential, parameters } = augmenters;

afterAll(() => augmenterPool.close());

const subject = (width = 40) => ({
  image: picture(width, 32),
  boxes: [{ x1: 3, y1: 4, x2: 20, y2: 19, label: "cup" }],
});
const all = augmenters.examples();

test("every augmenter goes to other threads but those with a function of the caller's", () => {
  const stay = all.filter(({ augmenter }) => sentAugmenter(augmenter) === undefined);
  expect(stay.map(({ name }) => name)).toEqual(["BlendAlphaMask", "Voronoi"]);
});

test("every augmenter makes the same on another thread as on this one", async () => {
  for (const { module, name, augmenter } of all) {
    const [found] = await augmenter.augmentBatch([subject()], { seeds: ["a"], threads: 1 });
    expect(found, `${module}.${name}`).toEqual(augmenter.augment(subject(), { seed: "a" }));
  }
}, 120_000);

const pipeline = (seed?: number) =>
  Sequential(
    [
      Fliplr(0.5),
      Affine({ rotate: parameters.Normal(0, 20), scale: [0.8, 1.2] }),
      AdditiveGaussianNoise({ scale: [0, 30] }),
    ],
    { ...(seed !== undefined && { seed }), randomOrder: true },
  );
const subjects = Array.from({ length: 9 }, (_, i) => subject(20 + i));

test("the number of threads changes nothing, with a seed for the call, for each picture, or of the augmenter's own", async () => {
  for (const threads of [1, 3]) {
    const bySeed = await pipeline().augmentBatch(subjects, { seed: 4, threads });
    expect(bySeed).toEqual(await pipeline().augmentBatch(subjects, { seed: 4, threads: 0 }));
    const own = pipeline(7);
    const twice = [await own.augmentBatch(subjects, { threads }), await own.augmentBatch(subjects, { threads })];
    const twin = pipeline(7);
    expect(twice).toEqual([subjects.map((each) => twin.augment(each)), subjects.map((each) => twin.augment(each))]);
  }
});

test("a picture's seed makes the same of it wherever it stands", async () => {
  const seeds = subjects.map((_, i) => `picture ${i}`);
  const forth = await pipeline().augmentBatch(subjects, { seeds, threads: 2 });
  const back = await pipeline().augmentBatch([...subjects].reverse(), { seeds: [...seeds].reverse(), threads: 2 });
  expect(back.reverse()).toEqual(forth);
});

test("without any seed, chance decides for each picture", async () => {
  const noise = AdditiveGaussianNoise({ scale: 50 });
  const [first, second] = await noise.augmentBatch([subject(), subject()], { threads: 2 });
  expect(first?.image.data).not.toEqual(second?.image.data);
});

test("pictures in shared memory are read where they are, and stay as they are", async () => {
  const { image } = subject();
  const data = new Uint8Array(new SharedArrayBuffer(image.data.length));
  data.set(image.data);
  const [result] = await Fliplr(1).augmentBatch([{ image: { ...image, data } }], { threads: 1 });
  expect(result?.image).toEqual(Fliplr(1).augmentImage(image));
  expect(data).toEqual(image.data);
  expect(result?.image.data.buffer).toBeInstanceOf(ArrayBuffer);
});

test("a function of the caller's, and seeds below an augmenter without one, work in this thread", async () => {
  let calls = 0;
  const counting = Lambda({ funcImages: (images) => (calls++, images) });
  await counting.augmentBatch(subjects, { threads: 2 });
  expect(calls).toBe(9);
  const below = () => Sequential([AdditiveGaussianNoise({ scale: 9, seed: 3 })]);
  const twin = below();
  expect(await below().augmentBatch(subjects, { threads: 2 })).toEqual(subjects.map((each) => twin.augment(each)));
});

test.each([0, 2])("stops by its signal with %s threads, and works again", async (threads) => {
  const controller = new AbortController();
  const many = Array.from({ length: 200 }, () => subject(200));
  const running = pipeline().augmentBatch(many, { threads, signal: controller.signal });
  setTimeout(() => controller.abort(), 5);
  await expect(running).rejects.toMatchObject({ code: "Stopped" });
  await expect(pipeline().augmentBatch(many, { threads, signal: controller.signal })).rejects.toThrow("stopped");
  expect(await Fliplr(1).augmentBatch([subject()], { threads })).toEqual([Fliplr(1).augment(subject())]);
});

test("what an augmenter refuses on another thread is refused here", async () => {
  const shape = augmenters.AssertShape([null, 1, 1, null]);
  await expect(shape.augmentBatch([subject()], { threads: 1 })).rejects.toMatchObject({ code: "InvalidOption" });
  await expect(Fliplr(1).augmentBatch([subject()], { threads: 65 })).rejects.toThrow(
    "Expected an integer between 0 and 64 for threads but received 65",
  );
  await expect(Fliplr(1).augmentBatch([subject()], { seeds: [] })).rejects.toThrow("either seed or 1 seeds");
  expect(await Fliplr(1).augmentBatch([])).toEqual([]);
});

test("a thread that dies fails its batch, and the next one gets another", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pool-"));
  const script = join(folder, "thread.cjs");
  await writeFile(
    script,
    `const { parentPort } = require("node:worker_threads");
parentPort.on("message", ({ id, subject }) => (subject.image.width === 13 ? process.exit(3) : parentPort.postMessage({ id, subject })));`,
  );
  const pool = new AugmenterPool(script);
  const job = (width: number) => ({ subject: { image: picture(width, 4) }, position: undefined });
  const run = (...widths: number[]) => pool.run(pool, {}, widths.map(job), { threads: 2 });
  await expect(run(4, 13, 5)).rejects.toThrow("code 3");
  await expect(run(13)).rejects.toMatchObject({ code: "EngineFailed" });
  expect((await run(4, 5, 6)).map(({ image }) => image.width)).toEqual([4, 5, 6]);
  await pool.close();
  await expect(new AugmenterPool(join(folder, "nothing.js")).run(pool, {}, [job(1)], { threads: 1 })).rejects.toThrow(
    "nothing.js",
  );
  await rm(folder, { recursive: true });
});

test("a program that has augmented ends by itself", async () => {
  const library = fileURLToPath(new URL("../../../src/kernel-lib/dist/augmenters/index.js", import.meta.url));
  const program = `const { Fliplr } = require(${JSON.stringify(library)});
const image = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 };
void Fliplr(1).augmentBatch([{ image }, { image }], { threads: 2 }).then((done) => console.log(done.length));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { timeout: 110_000 });
  expect(stdout.trim()).toBe("2");
});
