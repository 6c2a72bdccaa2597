/**
 * Reading Keras's weights, HDF5 files (`.h5`), in all three layouts: `model.save_weights("x.weights.h5")` of Keras 3, `model.save("x.h5")`,
 * and the weights of keras.applications. Only arrays are read: a file's description of layers, which may hold code, is not looked at.
 */
import { stat } from "node:fs/promises";
import type { Dataset, File, Group } from "h5wasm/node";

import { quote, VitrineError } from "../structures/errors.js";
import { elementsOf, type FloatTensor } from "./tensor.js";

/** A tensor of the file, and the names of the groups that it lies in. */
interface Found {
  path: string[];
  dataset: Dataset;
  /** Of the group that it lies in: Keras 3 keeps a layer's name there. */
  layer: string | undefined;
}

/** Compressed arrays are larger than their file, but not by that much. */
const MOST_EXPANSION = 64;

/**
 * Tensors under `LAYER/kernel`, `LAYER/gamma` and so on, as Keras lays them out: kernels height × width × inputs × outputs, dense
 * layers inputs × outputs.
 * @throws MissingFile; InvalidFile where it is no HDF5 file, or has no weights of Keras
 */
export async function readKerasH5(path: string): Promise<Map<string, FloatTensor>> {
  const { size } = await stat(path).catch((cause: unknown) => {
    const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is none" : String(cause);
    throw new VitrineError("MissingFile", { path, what: "a weights file", reason }, { cause });
  });
  // A megabyte of WebAssembly, for those only who have such files.
  const h5wasm = await import("h5wasm/node");
  await h5wasm.ready;
  const tensors = await guarded(path, () => {
    const file = new h5wasm.File(path, "r");
    try {
      return kerasTensors(path, file, size);
    } finally {
      file.close();
    }
  });
  if (tensors.size > 0) return tensors;
  throw invalid(path, "the whole", "weights of Keras, in layers,", "none");
}

function kerasTensors(path: string, file: File, size: number): Map<string, FloatTensor> {
  const tensors = new Map<string, FloatTensor>();
  const found = datasets(file, []);
  for (const { path: place, dataset, layer } of found) {
    const name = layer === undefined ? groupedName(place) : numberedName(layer, place, found);
    if (name !== undefined && isFloat(dataset)) tensors.set(name, readTensor(path, name, dataset, size));
  }
  return tensors;
}

function datasets(group: Group, path: string[], depth = 0): Found[] {
  // Models lie within models; without end they don't.
  if (depth > 32) return [];
  return group.keys().flatMap((key): Found[] => {
    const entity = group.get(key);
    if (entity === null) return [];
    const own = [...path, key];
    if ("keys" in entity) return datasets(entity, own, depth + 1);
    if (!("shape" in entity)) return [];
    const { name } = path.at(-1) === "vars" ? group.attrs : {};
    return [{ path: own, dataset: entity, layer: typeof name?.value === "string" ? name.value : undefined }];
  });
}

/** `model_weights/LAYER/LAYER/kernel:0`, whatever lies between; the optimiser's arrays are no weights. */
function groupedName(path: readonly string[]): string | undefined {
  const inner = path[0] === "model_weights" ? path.slice(1) : path;
  const [layer] = inner;
  if (layer === undefined || inner.length < 2 || layer.startsWith("optimizer")) return undefined;
  return `${layer}/${(inner.at(-1) ?? "").replace(/:\d+$/, "")}`;
}

const LINEAR = ["kernel", "bias"];
const NORM = ["gamma", "beta", "moving_mean", "moving_variance"];

/** `layers/conv2d/vars/0`: the arrays are numbered in the order in which the layer made them. */
function numberedName(layer: string, path: readonly string[], all: readonly Found[]): string {
  const first = all.find((other) => other.layer === layer && other.path.at(-1) === "0");
  const names = (first?.dataset.shape?.length ?? 0) >= 2 ? LINEAR : NORM;
  const number = path.at(-1) ?? "";
  return `${layer}/${names[Number(number)] ?? number}`;
}

const isFloat = ({ dtype }: Dataset) => typeof dtype === "string" && /^[<>=|]?[fd]$/.test(dtype);

function readTensor(path: string, name: string, dataset: Dataset, size: number): FloatTensor {
  const shape = dataset.shape ?? [];
  const elements = elementsOf(shape);
  if (elements * 4 > size * MOST_EXPANSION) {
    throw invalid(path, quote(name), `an array that fits into a file of ${size} bytes`, `[${shape.join(", ")}]`);
  }
  const value: unknown = dataset.value;
  const numbers = value instanceof Float32Array || value instanceof Float64Array ? value : undefined;
  if (numbers?.length !== elements) throw invalid(path, quote(name), `${elements} numbers`, quote(numbers?.length));
  return { dtype: "F32", shape: [...shape], data: Float32Array.from(numbers) };
}

/** Whatever the HDF5 library says of a broken file. */
async function guarded<T>(path: string, read: () => T): Promise<T> {
  try {
    return await Promise.resolve(read());
  } catch (cause) {
    if (cause instanceof VitrineError) throw cause;
    const received = quote(cause instanceof Error ? cause.message : String(cause));
    throw new VitrineError("InvalidFile", { path, where: "the whole", expected: "an HDF5 file", received }, { cause });
  }
}

const invalid = (path: string, where: string, expected: string, received: string) =>
  new VitrineError("InvalidFile", { path, where, expected, received });
