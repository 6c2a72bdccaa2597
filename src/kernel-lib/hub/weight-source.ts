/**
 * What a caller means by where weights are:
 *
 * - `imagenet:resnet18`: weights that registry.ts knows;
 * - `hf:owner/name`, `hf:owner/name@revision/file`: a file on the Hugging Face hub, by default `model.safetensors`, else its
 *   shards' index;
 * - `https://…`: that file;
 * - anything else: a path.
 *
 * `VITRINE_HUB`, else `HF_ENDPOINT`, puts a mirror in the hub's place: an address, or (the first only) a folder that holds
 * `owner/name/file`. With a mirror nothing else is asked.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { quote, VitrineError } from "../structures/errors.js";
import { knownWeights } from "./registry.js";

/** A file that can be fetched. */
export interface RemoteFile {
  url: string;
  /** The file's name in the cache: the same whichever mirror it came from. */
  key: string;
  /** The first digits of its SHA-256, where they are known beforehand. */
  sha256Prefix?: string;
}

export type WeightSource =
  { kind: "file"; path: string; licence?: string } | { kind: "remote"; files: readonly RemoteFile[]; licence?: string };

/** @throws InvalidOption where the text is like one of these forms, but is none */
export function weightSource(source: string, env: Readonly<Record<string, string | undefined>>): WeightSource {
  if (/^(imagenet|coco):/.test(source)) return fromRegistry(source, env);
  if (source.startsWith("hf:")) return fromHub(source, env);
  if (/^https?:\/\//i.test(source)) return { kind: "remote", files: [{ url: source, key: source }] };
  if (/^file:\/\//i.test(source)) return { kind: "file", path: fileURLToPath(source) };
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) reject(source, "a path, an http(s) address, or a known name");
  return { kind: "file", path: source };
}

function fromRegistry(source: string, env: Readonly<Record<string, string | undefined>>): WeightSource {
  const known = knownWeights.get(source) ?? reject(source, `one of ${[...knownWeights.keys()].join(", ")}`);
  const { repository, onHub: published, file, licence, fallback } = known;
  const found = onHub(repository, "main", file, env);
  if (found.kind === "file" || mirror(env) !== undefined) return { ...found, licence };
  const second = { key: fallback.url, ...fallback };
  return { ...found, files: [...(published ? found.files : []), second], licence };
}

function fromHub(source: string, env: Readonly<Record<string, string | undefined>>): WeightSource {
  const match = /^hf:([\w.-]+\/[\w.-]+)(?:@([\w.-]+))?((?:\/[\w.-]+)*)$/.exec(source);
  if (!match || source.includes(".."))
    return reject(source, "hf:owner/name, hf:owner/name@revision or hf:owner/name/file");
  const [, repository = "", revision = "main", file = ""] = match;
  if (file !== "") return onHub(repository, revision, file.slice(1), env);
  const whole = onHub(repository, revision, "model.safetensors", env);
  const sharded = onHub(repository, revision, "model.safetensors.index.json", env);
  if (whole.kind === "file" || sharded.kind === "file") return whole;
  return { ...whole, files: [...whole.files, ...sharded.files] };
}

function onHub(
  repository: string,
  revision: string,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): WeightSource & { files?: readonly RemoteFile[] } {
  const base = mirror(env) ?? "https://huggingface.co";
  if (/^file:\/\//i.test(base)) return { kind: "file", path: join(fileURLToPath(base), repository, file) };
  if (!/^https?:\/\//i.test(base)) return { kind: "file", path: join(base, repository, file) };
  const url = `${base.replace(/\/+$/, "")}/${repository}/resolve/${revision}/${file}`;
  return { kind: "remote", files: [{ url, key: `hf/${repository}/${revision}/${file}` }] };
}

function mirror(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return [env["VITRINE_HUB"], env["HF_ENDPOINT"]].find((value) => value !== undefined && value !== "");
}

function reject(source: string, expected: string): never {
  throw new VitrineError("InvalidOption", { option: "weights", expected, received: quote(source) });
}
