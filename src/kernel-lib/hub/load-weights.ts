/** Weights from a known name, the Hugging Face hub, an address or a path, under torchvision's names, as 32-bit floats. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { isVitrineError, VitrineError } from "../structures/errors.js";
import { effectiveSignal } from "../structures/interrupt.js";
import { knownOptions } from "../structures/options.js";
import { download, type DownloadOptions, type DownloadProgress } from "./download.js";
import { TryError } from "./http.js";
import { fromKeras, isKerasResNet } from "./keras-names.js";
import { readWeights } from "./read-weights.js";
import type { LocateShard } from "./sharded.js";
import { type FloatTensor, floatTensors } from "./tensor.js";
import { fromTensorflowDetector, isTensorflowDetector } from "./tensorflow-detector.js";
import { canonicalNames } from "./weight-names.js";
import { type RemoteFile, weightSource } from "./weight-source.js";
import { cachePath, defaultCacheDir, forget, isCached, recordCached } from "./weights-cache.js";

export interface LoadWeightsOptions {
  signal?: AbortSignal | undefined;
  /** Called as bytes arrive; not where the file is in the cache. */
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Default: `$XDG_CACHE_HOME/vitrine/hub`, else `~/.cache/vitrine/hub`. */
  cacheDir?: string;
  /** Milliseconds before the second try, doubled for each further one. Default 500. */
  retryDelay?: number;
  /** Milliseconds without a byte after which a try is given up. Default 60,000. */
  stallTimeout?: number;
}

export interface LoadedWeights {
  /** Under torchvision's names where the network is a ResNet; counters (`num_batches_tracked`) are left out. */
  tensors: Map<string, FloatTensor>;
  /**
   * What the network sees and where its strides are. "keras": channels from 0 to 255 minus a mean, and in bottlenecks the stride on the
   * first convolution. "tensorflow-detector": TensorFlow's detection API's. The tensors are torchvision's all the same.
   */
  convention: "torchvision" | "keras" | "tensorflow-detector";
  /** Where they came from: the address or the path. */
  source: string;
  /** As the publisher states it, where vitrine knows. */
  licence: string | undefined;
  /** The file that was read. */
  path: string;
}

/**
 * Loads weights: `imagenet:resnet18` (or 34, 50, 101, 152; `imagenet:alexnet`), `hf:owner/name`, an address, or the path of a safetensors file, of
 * an index of several (`model.safetensors.index.json`), of a `.pth`, of a Keras `.h5`, of a TensorFlow checkpoint or SavedModel, or a `.tar.gz` with such a checkpoint. What is fetched stays in a cache. `HF_HUB_OFFLINE=1` forbids fetching; `VITRINE_HUB` or `HF_ENDPOINT` puts a
 * mirror in the hub's place.
 *
 * @throws WeightsUnavailable with the ways out, where they can't be had
 * @throws MissingFile, InvalidFile, UnsafePickle where the file is not there, broken, or unsafe
 * @throws Stopped by the signal; what has arrived is kept, and the next call goes on with it
 */
export async function loadWeights(source: string, options: LoadWeightsOptions = {}): Promise<LoadedWeights> {
  knownOptions("loadWeights", options, ["signal", "onProgress", "cacheDir", "retryDelay", "stallTimeout"]);
  const found = weightSource(source, process.env);
  const licence = found.licence;
  if (found.kind === "file") {
    const path = indexInstead(found.path);
    return { ...(await read(path)), source: path, licence };
  }
  const folder = options.cacheDir ?? defaultCacheDir(process.env);
  for (const file of found.files) {
    const shards = new Shards(source, file, folder, options);
    const cached = await readCached(cachePath(folder, file.key), shards);
    if (cached) return { ...cached, source: file.url, licence };
  }
  const { file, path } = await fetchFirst(source, found.files, folder, options);
  const shards = new Shards(source, file, folder, options);
  return {
    ...(await read(path, shards.locate).catch((error: unknown) =>
      notWeights([path, ...shards.found], file.url, error),
    )),
    source: file.url,
    licence,
  };
}

/**
 * The text of the `config.json` that lies beside weights, in a folder or on the hub; undefined where there is none.
 * @throws as `loadWeights`, except where it can't be had
 */
export async function loadConfig(source: string, options: LoadWeightsOptions = {}): Promise<string | undefined> {
  const found = weightSource(source, process.env);
  const beside = (name: string) => name.replace(/[^/\\]*$/, "config.json");
  if (found.kind === "file") return textOf(beside(found.path));
  const [first] = found.files;
  if (!first?.url.includes("/resolve/")) return undefined;
  const file = { url: beside(first.url), key: beside(first.key) };
  const folder = options.cacheDir ?? defaultCacheDir(process.env);
  const path = cachePath(folder, file.key);
  if (await isCached(path)) return textOf(path);
  const fetched = await fetchFirst(source, [file], folder, options).catch((error: unknown) => {
    if (!isVitrineError(error, "WeightsUnavailable")) throw error;
    return undefined;
  });
  return fetched && textOf(fetched.path);
}

const textOf = (path: string) => readFile(path, "utf8").catch(() => undefined);

async function read(
  path: string,
  locate?: LocateShard,
): Promise<Pick<LoadedWeights, "tensors" | "convention" | "path">> {
  const tensors = floatTensors(await readWeights(path, locate));
  if (isKerasResNet(tensors.keys())) return { tensors: fromKeras(tensors), convention: "keras", path };
  if (isTensorflowDetector(tensors.keys())) {
    return { tensors: fromTensorflowDetector(tensors), convention: "tensorflow-detector", path };
  }
  return { tensors: canonicalNames(tensors), convention: "torchvision", path };
}

/** Large models have shards and their index where small ones have one file. */
function indexInstead(path: string): string {
  const index = `${path}.index.json`;
  return path.endsWith("model.safetensors") && !existsSync(path) && existsSync(index) ? index : path;
}

/** The shards of an index that came from a server: beside it there, in the cache here. */
class Shards {
  readonly found: string[] = [];
  readonly locate: LocateShard;

  constructor(source: string, index: RemoteFile, folder: string, options: LoadWeightsOptions) {
    this.locate = async (shard) => {
      const file = { url: new URL(shard, index.url).href, key: index.key.replace(/[^/]*$/, shard) };
      const path = cachePath(folder, file.key);
      if (!(await isCached(path))) await fetchFirst(source, [file], folder, options);
      this.found.push(path);
      return path;
    };
  }
}

/** What the cache has; a file that went bad on the disk is thrown away and fetched again. */
async function readCached(path: string, shards: Shards): Promise<Awaited<ReturnType<typeof read>> | undefined> {
  if (!(await isCached(path))) return undefined;
  return read(path, shards.locate).catch(async (error: unknown) => {
    if (!isVitrineError(error, "InvalidFile")) throw error;
    await Promise.all([path, ...shards.found].map(forget));
    return undefined;
  });
}

/** The first of the files that can be had. */
async function fetchFirst(
  source: string,
  files: readonly RemoteFile[],
  folder: string,
  options: LoadWeightsOptions,
): Promise<{ file: RemoteFile; path: string }> {
  if (/^(1|true|yes|on)$/i.test(process.env["HF_HUB_OFFLINE"] ?? "")) {
    throw unavailable(source, files, "HF_HUB_OFFLINE is set, and they are not in the cache");
  }
  const reasons: string[] = [];
  for (const file of files) {
    const path = cachePath(folder, file.key);
    try {
      await recordCached(path, file.url, await download(file, path, downloadOptions(options)));
      return { file, path };
    } catch (error) {
      if (error instanceof TryError) reasons.push(error.message);
      else throw stoppedOr(error, options);
    }
  }
  throw unavailable(source, files, reasons.join("; "));
}

function downloadOptions(options: LoadWeightsOptions): DownloadOptions {
  return {
    signal: effectiveSignal(options.signal) ?? new AbortController().signal,
    onProgress: options.onProgress,
    retryDelay: options.retryDelay ?? 500,
    stallTimeout: options.stallTimeout ?? 60_000,
  };
}

function stoppedOr(error: unknown, options: LoadWeightsOptions): unknown {
  if (isVitrineError(error) || effectiveSignal(options.signal)?.aborted !== true) return error;
  const kept = "what has arrived is kept, and the next call goes on from there";
  return new VitrineError("Stopped", { operation: "Fetching weights", kept }, { cause: error });
}

function unavailable(source: string, files: readonly RemoteFile[], reason: string): VitrineError {
  const waysOut = [
    `fetch ${files.map((file) => file.url).join(" or ")} where there is a network, and give the file's path as weights`,
    "set VITRINE_HUB to a mirror of the hub, or to a folder that holds OWNER/NAME/FILE (HF_ENDPOINT works too)",
    `use the embedded backbone, which needs no download: ${source.startsWith("coco:") ? "backbone" : "baseModel"}: "embedded"`,
  ];
  return new VitrineError("WeightsUnavailable", { source, reason, waysOut });
}

/** What was fetched can't be read (a portal's login page, say): it must not stay. */
async function notWeights(paths: readonly string[], url: string, error: unknown): Promise<never> {
  await Promise.all(paths.map(forget));
  if (!isVitrineError(error, "InvalidFile")) throw error;
  throw new VitrineError("InvalidFile", { ...error.details, path: url }, { cause: error });
}
