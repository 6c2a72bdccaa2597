import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { runSteps, type Step } from "../../../scripts/set-up.mjs";
import { hashOf, hashOfFolder, Stamps, writeAtomically } from "../../../scripts/stamps.mjs";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "stamps-"));
});
afterEach(() => rm(dir, { recursive: true }));

/** A terminal that is not one. */
const silent = { write: () => true };

/** A step with one input and one product on disk, which counts its runs. */
function fileStep(title: string, work: () => Promise<void> = () => Promise.resolve()) {
  const state = { runs: 0, input: "a" };
  const product = path.join(dir, `${title}.product`);
  const step: Step = {
    title,
    inputs: () => Promise.resolve(hashOf(state.input)),
    done: async () => (await readdir(dir)).includes(`${title}.product`),
    run: async () => {
      state.runs += 1;
      await work();
      await writeFile(product, "made");
      return `run ${String(state.runs)}`;
    },
  };
  return { step, state, product };
}

describe("content hashes", () => {
  it("keep the parts apart", () => {
    expect(hashOf("ab", "c")).not.toBe(hashOf("a", "bc"));
    expect(hashOf("ab", "c")).toBe(hashOf("ab", "c"));
  });

  it("of a folder follow names and contents, and leave out what was made from it", async () => {
    await mkdir(path.join(dir, "sub", "dist"), { recursive: true });
    await writeFile(path.join(dir, "sub", "a.ts"), "1");
    const first = await hashOfFolder(dir, /\.ts$/);
    await writeFile(path.join(dir, "sub", "dist", "a.ts"), "made");
    await writeFile(path.join(dir, "readme.md"), "not asked for");
    expect(await hashOfFolder(dir, /\.ts$/)).toBe(first);
    await writeFile(path.join(dir, "sub", "a.ts"), "2");
    const second = await hashOfFolder(dir, /\.ts$/);
    expect(second).not.toBe(first);
    await writeFile(path.join(dir, "sub", "b.ts"), "");
    expect(await hashOfFolder(dir, /\.ts$/)).not.toBe(second);
  });
});

describe("steps", () => {
  it("run once, and again when an input changes or a product is gone", async () => {
    const { step, state, product } = fileStep("one");
    const stamps = new Stamps(path.join(dir, "stamps"));
    expect(await runSteps([step], stamps, silent)).toEqual({ ran: 1, notes: [] });
    expect(await runSteps([step], stamps, silent)).toEqual({ ran: 0, notes: ["run 1"] });
    state.input = "b";
    expect((await runSteps([step], stamps, silent)).ran).toBe(1);
    await rm(product);
    expect((await runSteps([step], stamps, silent)).ran).toBe(1);
    expect(state.runs).toBe(3);
  });

  it("go on where a failed run has stopped", async () => {
    let broken = true;
    const first = fileStep("first");
    const second = fileStep("second", () => (broken ? Promise.reject(new Error("cut off")) : Promise.resolve()));
    const stamps = new Stamps(path.join(dir, "stamps"));
    await expect(runSteps([first.step, second.step], stamps, silent)).rejects.toThrow("cut off");
    broken = false;
    expect((await runSteps([first.step, second.step], stamps, silent)).ran).toBe(1);
    expect([first.state.runs, second.state.runs]).toEqual([1, 2]);
  });

  it("lose their stamp when a later run of them fails, though the old product lies there", async () => {
    let broken = false;
    const { step, state } = fileStep("one", () => (broken ? Promise.reject(new Error("cut off")) : Promise.resolve()));
    const stamps = new Stamps(path.join(dir, "stamps"));
    await runSteps([step], stamps, silent);
    [broken, state.input] = [true, "b"];
    await expect(runSteps([step], stamps, silent)).rejects.toThrow();
    [broken, state.input] = [false, "a"];
    expect((await runSteps([step], stamps, silent)).ran).toBe(1);
  });

  it("count a stamp that can't be read as none", async () => {
    const { step } = fileStep("one");
    const stamps = new Stamps(path.join(dir, "stamps"));
    await runSteps([step], stamps, silent);
    await writeFile(path.join(dir, "stamps", "one.json"), '{"hash": "');
    expect((await runSteps([step], stamps, silent)).ran).toBe(1);
  });
});

it("writes a file whole and leaves nothing beside it", async () => {
  const file = path.join(dir, "deep", "file.json");
  await writeAtomically(file, "one");
  await writeAtomically(file, "two");
  expect(await readdir(path.dirname(file))).toEqual(["file.json"]);
});
