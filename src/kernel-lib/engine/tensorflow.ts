/**
 * tfjs on TensorFlow in the calling thread, or on WebAssembly where the set-up found no TensorFlow. The order matters: the shim,
 * TensorFlow's libraries for everybody to see, then tfjs-node.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import type * as TensorFlow from "@tensorflow/tfjs";

import { packageFolder } from "./package-folder.js";

/** What the set-up wrote beside the binding. */
interface EngineRecord {
  variant: "cpu" | "gpu" | "none";
  reason: string;
  tensorflow?: string;
  libraries: string[];
}

export interface LoadedTensorFlow {
  tf: typeof TensorFlow;
  backend: "tensorflow" | "wasm";
  /** TensorFlow's version; WebAssembly has none. */
  version?: string;
  device: "cpu" | "gpu";
  /** Why it is this backend. */
  reason: string;
}

/** Loads it once a thread. On WebAssembly, await `tf.ready()` before the first operation. */
export function loadTensorFlow(): LoadedTensorFlow {
  return (loaded ??= load());
}

let loaded: LoadedTensorFlow | undefined;

function load(): LoadedTensorFlow {
  const require = createRequire(join(packageFolder(), "package.json"));
  const record = readRecord(require);
  return record.variant === "none" ? loadWasm(require, record.reason) : loadNative(require, record);
}

function readRecord(require: NodeJS.Require): EngineRecord {
  if (process.env["VITRINE_TENSORFLOW"] === "none") return none("VITRINE_TENSORFLOW=none");
  const folder = dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  const path = join(folder, "lib", "napi-v8", "vitrine-engine.json");
  if (!existsSync(path)) return none("the set-up has not run: npm run setup");
  const record = JSON.parse(readFileSync(path, "utf8")) as EngineRecord;
  const lost = record.libraries.find((library) => !existsSync(library));
  return lost ? none(`${lost} is gone: npm run setup`) : record;
}

const none = (reason: string): EngineRecord => ({ variant: "none", reason, libraries: [] });

function loadNative(require: NodeJS.Require, record: EngineRecord): LoadedTensorFlow {
  // Gone from Node 23 on, and tfjs-node 4.22 calls it.
  const util = require("node:util") as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const preloader = require("@tensorflow/tfjs-node-gpu/lib/napi-v8/vitrine_preload.node") as {
    load(path: string): void;
  };
  for (const library of record.libraries) preloader.load(library);
  const tf = require("@tensorflow/tfjs-node-gpu") as typeof TensorFlow;
  const { binding, isUsingGpuDevice } = tf.backend() as unknown as {
    binding: { TF_Version: string };
    isUsingGpuDevice: boolean;
  };
  const device = isUsingGpuDevice ? "gpu" : "cpu";
  return { tf, backend: "tensorflow", version: binding.TF_Version, device, reason: record.reason };
}

function loadWasm(require: NodeJS.Require, reason: string): LoadedTensorFlow {
  const tf = require("@tensorflow/tfjs") as typeof TensorFlow;
  const wasm = require("@tensorflow/tfjs-backend-wasm") as { setWasmPaths(folder: string): void };
  wasm.setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "wasm-out/"));
  void tf.setBackend("wasm");
  return { tf, backend: "wasm", device: "cpu", reason };
}
