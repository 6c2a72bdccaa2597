/**
 * Which folder and which model a batch's results are of: written beside them once. Without it a batch of other pictures, or of the model that
 * was trained anew, would find all of its shards done.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { quote, VitrineError } from "../../structures/errors.js";
import { hashFiles } from "../file-hashes.js";
import { publish } from "./batch-plan.js";

const batchIdentity = z.object({
  format: z.literal("vitrine.batch-identity"),
  version: z.literal(1),
  /** Absolute. */
  input: z.string(),
  /** SHA-256 over the files of the saved model. */
  model: z.string(),
});

type BatchIdentity = z.infer<typeof batchIdentity>;

/**
 * @param model folder of a saved one
 * @throws InvalidOption where the results there are of another folder or another model, InvalidFile
 */
export async function checkIdentity(output: string, input: string, model: string): Promise<void> {
  const path = join(output, "batch.json");
  const wanted: BatchIdentity = { format: "vitrine.batch-identity", version: 1, input, model: await modelHash(model) };
  await publish(path, `${JSON.stringify(wanted)}\n`);
  const found = batchIdentity.safeParse(parse(await readFile(path, "utf8")));
  if (!found.success)
    throw new VitrineError("InvalidFile", {
      path,
      where: "the whole",
      expected: "a batch's identity",
      received: "something else",
    });
  const other =
    found.data.input !== input
      ? `the folder ${found.data.input}`
      : found.data.model !== wanted.model
        ? "another model"
        : undefined;
  if (other === undefined) return;
  const expected = "a new folder, or one with results of the same pictures and model,";
  throw new VitrineError("InvalidOption", {
    option: "output",
    expected,
    received: `${quote(output)}, which has those of ${other}`,
  });
}

/** Hidden files are the system's. */
async function modelHash(folder: string): Promise<string> {
  const files = Object.entries(await hashFiles(folder)).filter(([name]) => !/(^|\/)\./.test(name));
  const lines = files.map(([name, { sha256 }]) => `${name} ${sha256}\n`).sort();
  return createHash("sha256").update(lines.join("")).digest("hex");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
