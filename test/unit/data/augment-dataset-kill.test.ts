/** `augmentDataset` of 1,000 pictures in a program of its own, killed in the middle. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { decodeImage } from "../../../src/kernel-lib/data/decode.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

const library = fileURLToPath(new URL("../../../src/kernel-lib/dist/", import.meta.url));

/** Tells how far it has got, a line a copy; `upTo` a number of them, at which it stands still. */
const program = (root: string, upTo: number) => `
const { augmentDataset } = require(${JSON.stringify(join(library, "data", "augment-dataset.js"))});
const { ClassificationDataset } = require(${JSON.stringify(join(library, "data", "classification-dataset.js"))});
const { Context } = require(${JSON.stringify(join(library, "structures", "context.js"))});
const { Affine, Fliplr, Sequential } = require(${JSON.stringify(join(library, "augmenters", "index.js"))});
const root = ${JSON.stringify(root)};
const context = Context.create({ outputsPath: root + "/out", persistentPath: root + "/keep", tempPath: root + "/temp" });
void ClassificationDataset.createFromDir("set", root + "/set", { context })
  .then((set) => augmentDataset(set, Sequential([Fliplr(0.5), Affine({ rotate: [-20, 20] })]), {
    context,
    onProgress: ({ done, total }) => {
      console.log(done + "/" + total);
      if (done === ${upTo}) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    },
  }))
  .then((both) => console.log("all " + both.size()));
`;

/** What the program has said, until \`isEnough\`. */
async function run(root: string, isEnough: (line: string) => boolean, upTo = Infinity): Promise<string[]> {
  const child = spawn(process.execPath, ["-e", program(root, upTo)], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (isEnough(line)) break;
  }
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return lines;
}

test("1,000 pictures: killed half-way, every file there is whole; the next run brings all", async () => {
  const root = await temporaryFolder();
  const first = await put(join(root, "first.png"), await noiseImage(24, 18).png().toBuffer());
  await mkdir(join(root, "set", "cup"), { recursive: true });
  const bytes = await readFile(first);
  for (let i = 0; i < 1000; i++) {
    // Another text chunk's worth of bytes behind the end makes another picture of it without another pixel.
    await writeFile(join(root, "set", "cup", `${i}.png`), Buffer.concat([bytes, Buffer.from(`picture ${i}`)]));
  }
  // It is killed while it works, and can't be done before.
  const lines = await run(root, (line) => line === "333/1000", 600);
  expect(lines.slice(0, 3)).toEqual(["1/1000", "2/1000", "3/1000"]);
  const folder = join(root, "out", "augmented");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".jpg"));
  expect(names.length).toBeGreaterThanOrEqual(333);
  expect(names.length).toBeLessThan(1000);
  for (const name of names) expect((await decodeImage(join(folder, name))).width).toBe(24);
  const kept = join(root, "kept");
  await cp(folder, kept, { recursive: true });

  expect((await run(root, (line) => line.startsWith("all"))).at(-1)).toBe("all 2000");
  const all = (await readdir(folder)).filter((name) => name.endsWith(".jpg"));
  expect(all).toHaveLength(1000);
  // The same seed makes the same again.
  const [some = ""] = names;
  expect(await readFile(join(folder, some))).toEqual(await readFile(join(kept, some)));
  expect(existsSync(join(folder, names.at(-1) ?? ""))).toBe(true);
}, 240_000);
