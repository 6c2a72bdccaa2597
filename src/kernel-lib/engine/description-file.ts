/**
 * What a saved model or detector says of itself: `model.json` in its folder, which names the weights' file beside it. Weights are written
 * under a name of their own first, and renaming `model.json` into place is what makes them the folder's; so it is the old or the new,
 * whenever the power goes.
 */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { writeFileAtomic } from "../structures/atomic-file.js";
import { quote, VitrineError } from "../structures/errors.js";
import { firstIssue } from "../structures/first-issue.js";

const WEIGHTS = /^weights-[0-9a-f]{16}\.safetensors$/;

/** What both describe in the same way. */
export const originField = z.object({ source: z.string(), licence: z.string().optional() });
export const weightsField = z.string().regex(WEIGHTS);
export const reportFields = {
  epoch: z.number(),
  learningRate: z.number(),
  loss: z.number(),
  trainError: z.number(),
  evalLoss: z.number().optional(),
  imagesPerSecond: z.number(),
  seconds: z.number(),
};

const NAME = "model.json";

type Described = "model" | "detector";

/** @throws MissingFile, InvalidFile that names the field */
export async function readDescription<T>(folder: string, schema: z.ZodType<T>, what: Described): Promise<T> {
  const path = join(folder, NAME);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is none" : message;
    throw new VitrineError("MissingFile", { path, what: `a saved ${what}`, reason }, { cause });
  });
  const given = parseJson(path, text);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new VitrineError("InvalidFile", { path, ...firstIssue(parsed.error, given) });
}

/** Makes what is described the folder's, then clears away the weights of the one before. @throws CannotWrite */
export async function writeDescription(folder: string, document: { weights: string }, what: Described): Promise<void> {
  await writeFileAtomic(join(folder, NAME), `${JSON.stringify(document, null, 2)}\n`, `a ${what}'s description`);
  for (const name of await readdir(folder)) {
    if (WEIGHTS.test(name) && name !== document.weights) await rm(join(folder, name), { force: true });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const received = quote(text.slice(0, 40));
    throw new VitrineError("InvalidFile", { path, where: "the whole", expected: "JSON", received }, { cause });
  }
}
