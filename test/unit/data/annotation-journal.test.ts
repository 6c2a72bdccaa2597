import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { outputOf, spawnWithLibrary } from "./built-library.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

let folder: string;
let root: string;
let count = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
});

beforeEach(async () => {
  root = join(folder, `set-${++count}`);
  await put(join(root, "cup", "1.png"), await noiseImage(4, 4, 1).png().toBuffer());
  await put(join(root, "plate", "2.png"), await noiseImage(4, 4, 2).png().toBuffer());
});

const load = () => ClassificationDataset.createFromDir("set", root);
const path = () => join(root, ".vitrine", "labels.jsonl");
const spawnOnSet = (script: string) =>
  spawnWithLibrary(
    `const set = await lib.ClassificationDataset.createFromDir("set", ${JSON.stringify(root)}); ${script}`,
  );

describe("a torn journal", () => {
  test("cut anywhere in its last line, it gives all lines before, says what was left out, and goes on", async () => {
    const set = await load();
    set.changeLabelForImage(0, "plate");
    const first = readFileSync(path()).length;
    set.changeLabelForImage(0, "cup");
    const whole = readFileSync(path());
    for (let length = first; length < whole.length; length += 7) {
      writeFileSync(path(), whole.subarray(0, length));
      const torn = await load();
      expect(torn.images[0]?.labels).toEqual(["plate"]);
      const problem = { path: path(), reason: "line 2 is cut off or no change of an annotation; it was left out" };
      expect(torn.problems).toEqual(length === first ? [] : [problem]);
      torn.changeLabelForImage(1, "cup");
      const mended = await load();
      expect(mended.images.map(({ labels }) => labels)).toEqual([["plate"], ["cup"]]);
      expect(mended.problems).toEqual(length === first ? [] : [problem]);
    }
  });

  test("lines that are no changes are left out one by one", async () => {
    const set = await load();
    set.changeLabelForImage(0, "plate");
    appendFileSync(path(), 'rubbish\n\n{"cause":"set"}\n[1]\n{"__proto__":{"x":1}}\n\0\0\0\n');
    set.changeLabelForImage(1, "cup");
    const again = await load();
    expect(again.images.map(({ labels }) => labels)).toEqual([["plate"], ["cup"]]);
    expect(again.problems.map(({ reason }) => reason.slice(0, 6))).toEqual([
      "line 2",
      "line 4",
      "line 5",
      "line 6",
      "line 7",
    ]);
  });
});

describe("kill -9", () => {
  test("at any moment loses no change that was made, and invents none", async () => {
    for (let round = 0; round < 6; round++) {
      const child = spawnOnSet(`
        const fs = require("node:fs");
        for (let i = 0; ; i++) {
          const label = set.images[0].labels[0] === "cup" ? "plate" : "cup";
          set.changeLabelForImage(0, label);
          fs.writeSync(1, label + "\\n");
        }`);
      const said: string[] = [];
      const lines = createInterface({ input: child.stdout });
      lines.on("line", (line) => said.push(line));
      await once(lines, "line");
      await new Promise((resolve) => setTimeout(resolve, 5 + round * 13));
      child.kill("SIGKILL");
      await once(child, "close");
      const last = said.filter((line) => line === "cup" || line === "plate").at(-1);
      const set = await load();
      const entries = readFileSync(path(), "utf8")
        .split("\n")
        .filter((line) => line.endsWith("}"));
      const written = (JSON.parse(entries.at(-1) ?? "{}") as { changes: { after: string[] }[] }).changes[0]?.after[0];
      expect(said.length).toBeGreaterThan(0);
      expect(set.images[0]?.labels).toEqual([written]);
      // At most one change was on disk already but not yet said.
      const total = entries.length - earlier;
      expect(total - said.length).toBeGreaterThanOrEqual(0);
      expect(total - said.length).toBeLessThanOrEqual(1);
      if (total === said.length) expect(written).toBe(last);
      earlier = entries.length;
    }
  });
  let earlier = 0;
});

describe("two notebooks on one folder", () => {
  test("the second is told, each sees the other's changes, and no line is lost", async () => {
    const child = spawnOnSet(`
      console.log("open");
      while (!require("node:fs").existsSync(${JSON.stringify(join(root, ".go"))})) await new Promise((resolve) => setTimeout(resolve, 20));
      set.changeLabelForImage(0, "plate");
      console.log("changed", set.images[1].labels.join(), set.sharedWith.length);
      await new Promise((resolve) => setTimeout(resolve, 60000));`);
    const lines = createInterface({ input: child.stdout });
    try {
      await once(lines, "line");
      const set = await load();
      expect(set.sharedWith).toMatchObject([{ pid: child.pid }]);
      const bundle = (set as unknown as Record<symbol, () => Record<string, string>>)[
        Symbol.for("Jupyter.display")
      ]?.();
      expect(bundle?.["text/plain"]).toContain("Also open in another notebook:");
      set.addLabel("vase");
      set.changeLabelForImage(1, "vase");
      writeFileSync(join(root, ".go"), "");
      const [said] = (await once(lines, "line")) as [string];
      expect(said).toBe("changed vase 1");
      expect(set.refresh()).toMatchObject([
        { image: set.images[0], before: ["cup"], after: ["plate"], cause: "merge" },
      ]);
      expect(set.images[0]?.labels).toEqual(["plate"]);
      expect(set.undo()).toMatchObject({ image: set.images[1], after: ["plate"] });
    } finally {
      child.kill("SIGKILL");
      await once(child, "close");
    }
    expect((await load()).sharedWith).toEqual([]);
  });

  test("three processes write 100 entries each at the same time: 300 whole lines", async () => {
    const script = `for (let i = 0; i < 100; i++) set.addLabel(process.pid + "-" + i);`;
    await Promise.all([1, 2, 3].map(() => outputOf(spawnOnSet(script))));
    // An empty line is what ends a line that looked torn while another process was writing it; readers pass over it.
    const lines = readFileSync(path(), "utf8").split("\n");
    const written = lines.filter((line) => line !== "");
    expect(written).toHaveLength(300);
    for (const line of written) expect(JSON.parse(line)).toMatchObject({ cause: "addLabel" });
    const set = await load();
    expect(set.labels).toHaveLength(302);
    expect(set.problems).toEqual([]);
  });

  test("two objects in one process are one user, and merge alike", async () => {
    const one = await load();
    const other = await load();
    expect(other.sharedWith).toEqual([]);
    one.changeLabelForImage(0, "plate");
    other.changeLabelForImage(1, "cup");
    expect(other.images[0]?.labels).toEqual(["plate"]);
    one.refresh();
    expect(one.images[1]?.labels).toEqual(["cup"]);
  });
});
