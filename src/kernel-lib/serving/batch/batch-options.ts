/** What a caller says of a batch, checked once. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";

import { quote, VitrineError } from "../../structures/errors.js";
import { choiceOption, integerOption, knownOptions, numberOption, textOption } from "../../structures/options.js";
import {
  checkKubernetes,
  type CheckedKubernetes,
  type KubernetesOptions,
  type Resources,
} from "../kubernetes/kubernetes-options.js";
import { checkModel } from "../deployment-options.js";
import type { DeployableModel } from "../model-versions.js";

export interface RayOptions {
  /** Of Ray's dashboard: http://127.0.0.1:8265 by default. */
  address?: string;
  /** Cores that a worker asks for; 1 by default. */
  cpuCores?: number;
  /** Sent with every request: a token, say. */
  headers?: Readonly<Record<string, string>>;
  /** What starts a worker on a node; by default this machine's own Node and library, where nodes see the same folders. */
  command?: string;
}

export interface BatchKubernetesOptions extends Pick<
  KubernetesOptions,
  "kubeconfig" | "context" | "cluster" | "namespace" | "imagePullSecret"
> {
  /** Of the model, as `buildDockerImage` makes it. */
  image: string;
  /** A PersistentVolumeClaim that all pods can mount; `input` and `output` are folders in it. */
  claim: string;
  /** Of a pod. */
  resources?: Resources;
}

export interface BatchOptions {
  /** A trained model, or the folder of a saved one; not in a cluster, where the image has it. */
  model?: DeployableModel | string;
  /** A folder of pictures, with all that is below it. */
  input: string;
  /** A folder for the results. What is there already of the same batch is not done again. */
  output: string;
  /** "local": processes of this machine. "kubernetes": an indexed Job. "ray": jobs of a Ray cluster. */
  environment?: "local" | "kubernetes" | "ray";
  /** Of a cluster: lower-case letters, digits and hyphens. */
  name?: string;
  /** Processes or pods at the same time; by default one for two cores. */
  workers?: number;
  /** Parts that are done and counted as a whole; by default eight a worker. */
  shards?: number;
  /** Seconds of silence after which a worker's shard is given to another; 30 by default. */
  leaseSeconds?: number;
  kubernetes?: BatchKubernetesOptions;
  ray?: RayOptions;
  /** Gets a line for each step; they are printed by default, null keeps silent. */
  progress?: ((line: string) => void) | null | undefined;
  signal?: AbortSignal | undefined;
}

const NAMES = [
  "model",
  "input",
  "output",
  "environment",
  "name",
  "workers",
  "shards",
  "leaseSeconds",
  "kubernetes",
  "ray",
  "progress",
  "signal",
];
const RAY_NAMES = ["address", "cpuCores", "headers", "command"];

export interface CheckedBatch {
  model: DeployableModel | string | undefined;
  input: string;
  output: string;
  environment: "local" | "kubernetes" | "ray";
  name: string;
  workers: number;
  shards: number;
  leaseSeconds: number;
  kubernetes: (CheckedKubernetes & { image: string; claim: string }) | undefined;
  ray: Required<Omit<RayOptions, "command">> & Pick<RayOptions, "command">;
}

/** @throws InvalidOption */
export function checkBatch(options: BatchOptions): CheckedBatch {
  knownOptions("scoreFolder", options, NAMES);
  const environment = choiceOption("environment", options.environment ?? "local", ["local", "kubernetes", "ray"]);
  const workers = integerOption(
    "workers",
    options.workers ?? Math.max(1, Math.floor(availableParallelism() / 2)),
    1,
    1000,
  );
  const within = environment === "kubernetes" ? (path: string) => path : (path: string) => resolve(path);
  return {
    model: environment === "kubernetes" ? undefined : checkBatchModel(options.model),
    input: within(textOption("input", options.input)),
    output: within(textOption("output", options.output)),
    environment,
    name: checkBatchName(options.name ?? "score-folder"),
    workers,
    shards: integerOption("shards", options.shards ?? 8 * workers, 1, 100_000),
    leaseSeconds: numberOption("leaseSeconds", options.leaseSeconds ?? 30, 0.2, 3600),
    kubernetes: environment === "kubernetes" ? checkCluster(options.kubernetes) : undefined,
    ray: checkRay(options.ray ?? {}),
  };
}

function checkBatchModel(model: BatchOptions["model"]): DeployableModel | string {
  if (typeof model === "string") return resolve(textOption("model", model));
  if (model) return checkModel(model);
  const expected = "a trained model, or the folder of a saved one,";
  throw new VitrineError("InvalidOption", { option: "model", expected, received: quote(model) });
}

function checkCluster(
  options: BatchKubernetesOptions | undefined,
): CheckedKubernetes & { image: string; claim: string } {
  const { image, claim, resources, ...place } = options ?? ({} as Partial<BatchKubernetesOptions>);
  return {
    ...checkKubernetes(place, resources),
    image: textOption("kubernetes.image", image),
    claim: textOption("kubernetes.claim", claim),
  };
}

function checkRay(options: RayOptions): CheckedBatch["ray"] {
  knownOptions("ray", options, RAY_NAMES);
  const address = textOption("ray.address", options.address ?? "http://127.0.0.1:8265");
  if (!/^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : "")) {
    const expected = 'the address of a Ray dashboard, such as "http://127.0.0.1:8265",';
    throw new VitrineError("InvalidOption", { option: "ray.address", expected, received: quote(address) });
  }
  const cpuCores = numberOption("ray.cpuCores", options.cpuCores ?? 1, 0, 1024);
  const { headers = {}, command } = options;
  return {
    address: address.replace(/\/+$/, ""),
    cpuCores,
    headers,
    ...(command !== undefined && { command: textOption("ray.command", command) }),
  };
}

function checkBatchName(name: string): string {
  if (/^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/.test(name)) return name;
  const expected = "lower-case letters, digits and hyphens, beginning with a letter, at most 52 of them,";
  throw new VitrineError("InvalidOption", { option: "name", expected, received: quote(name) });
}
