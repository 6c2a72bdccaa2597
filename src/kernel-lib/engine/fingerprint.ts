/** What a training depends on, as hashes by name: a checkpoint goes on only where all of them are the same. */
import { createHash } from "node:crypto";

import type { LabelledPictures, TrainRequest } from "./messages.js";
import { readAhead, readHashed } from "./pictures.js";

export type Fingerprint = Readonly<Record<string, string>>;

/** Reads every picture: what counts is what is in the files, not where they lie. */
export async function fingerprint(request: TrainRequest): Promise<Fingerprint> {
  const { network, train, evaluation, checkpoints: _path, resume: _resume, record: _record, ...rest } = request;
  const parts: [string, unknown][] = [
    ...Object.entries(rest),
    ["weights", network.key],
    ["training pictures", await contents(train)],
    ["evaluation pictures", evaluation && (await contents(evaluation))],
  ];
  return Object.fromEntries(parts.flatMap(([name, value]) => (value === undefined ? [] : [[name, hash(value)]])));
}

async function contents({ pictures, classes }: LabelledPictures): Promise<string> {
  const hashes: string[] = [];
  for await (const { hash: content } of readAhead(pictures, readHashed)) hashes.push(content);
  return hash([hashes, classes]);
}

const hash = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
