/** What a caller says of a deployment, checked once. */
import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { resolve } from "node:path";

import { quote, VitrineError } from "../structures/errors.js";
import {
  booleanOption,
  choiceOption,
  integerOption,
  knownOptions,
  numberOption,
  recordOption,
  textOption,
} from "../structures/options.js";
import { isDeploymentName } from "./local/deployment-folder.js";
import {
  checkKubernetes,
  checkServiceName,
  type CheckedKubernetes,
  type KubernetesOptions,
  type Resources,
} from "./kubernetes/kubernetes-options.js";
import type { DeployableModel } from "./model-versions.js";
import { ScriptedModel } from "./scripts/scripted-model.js";
import { DEFAULT_SETTINGS, type ServiceSettings } from "./service-settings.js";

export const ENVIRONMENTS = ["local", "kubernetes"] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** Milliseconds until a service must be ready, unless its caller says otherwise: nodes of a cluster pull an image first. */
export const READY_WITHIN: Readonly<Record<EnvironmentName, number>> = { local: 120_000, kubernetes: 600_000 };

export interface DeploymentOptions {
  /** Lower-case letters, digits and hyphens, at most 63. */
  name: string;
  /** A trained model. */
  model: DeployableModel;
  /** "local": processes of this machine. "kubernetes": pods of a cluster. */
  environment?: EnvironmentName;
  /** The cluster, and how the service runs there. */
  kubernetes?: KubernetesOptions;
  /** Of a replica in a cluster; one core and two gigabytes by default. */
  resources?: Resources;
  /** Processes that score, or pods; 1 by default. For throughput one a core: a single one leaves cores idle. */
  replicas?: number;
  /** Address to listen on; 127.0.0.1 by default. */
  host?: string;
  /** A free one by default; it stays the same when the service is started again. */
  port?: number;
  /** Keep one more replica ready, to take the place of one that ends; true by default. It costs the memory of one. */
  spare?: boolean;
  /** Pictures that are computed together at most; 8 by default. */
  maxBatch?: number;
  /** Milliseconds that a picture waits for others at most while the model is free; 2 by default. */
  maxDelay?: number;
  /** Pictures that wait at most, before the service answers 503; 64 by default. */
  queueSize?: number;
  /** Bytes of a request at most; 16 MiB by default. */
  bodyLimit?: number;
  /** Pixels of a picture at most; 50 million by default. */
  maxPixels?: number;
  /** Milliseconds a request may take; 30,000 by default. */
  requestTimeout?: number;
  /** Threads of a replica's computation; the cores shared out by default. */
  threads?: number;
  /** "none" asks for no key; on a loopback address only. */
  keys?: "required" | "none";
  /** Requests a second that a key may make; as many as it likes by default. */
  rateLimit?: number;
  /** Paths of a certificate and its key, PEM: the service speaks https then. */
  tls?: { cert: string; key: string };
  /** Origins whose pages may ask the service; none by default. */
  cors?: readonly string[];
  /**
   * Only labels, or objects, of at least this score are answered, unless a request has a threshold of its own: a probability as `score()` gives
   * it, `await ui.threshold()` of a `PrecisionRecallUI` say; one for all labels, or by label. A classifier's answer is then a list of
   * `{ label, index, score }`. Labels that are not named have none.
   */
  threshold?: number | Readonly<Record<string, number>>;
  /** Words of yours about it, by word. */
  tags?: Readonly<Record<string, string>>;
  /** For people. */
  description?: string;
}

const NAMES = [
  "name",
  "model",
  "environment",
  "kubernetes",
  "resources",
  "replicas",
  "host",
  "port",
  "spare",
  "maxBatch",
  "maxDelay",
  "queueSize",
  "bodyLimit",
  "maxPixels",
  "requestTimeout",
  "threads",
  "keys",
  "rateLimit",
  "tls",
  "cors",
  "threshold",
  "tags",
  "description",
];

export interface CheckedDeployment {
  name: string;
  model: DeployableModel;
  environment: EnvironmentName;
  settings: ServiceSettings;
  /** undefined where it is not for a cluster. */
  kubernetes: CheckedKubernetes | undefined;
}

/** @throws InvalidOption */
export function checkDeploymentOptions(options: DeploymentOptions): CheckedDeployment {
  knownOptions("Deployment", options, NAMES);
  const { name, model } = options;
  const environment = choiceOption("environment", options.environment ?? "local", ENVIRONMENTS);
  const kubernetes = environment === "kubernetes" ? checkCluster(options) : undefined;
  if (environment === "local") onlyInClusters(options);
  return { name: checkName(name), model: checkModel(model), environment, settings: checkSettings(options), kubernetes };
}

/** What a pod's process has no use for is refused: it would be thought to count. */
function checkCluster(options: DeploymentOptions): CheckedKubernetes {
  checkServiceName(checkName(options.name));
  for (const option of ["host", "port", "spare", "tls"] as const) {
    if (options[option] === undefined) continue;
    const expected = `nothing with environment "kubernetes": ${CLUSTERS_OWN[option]}`;
    throw new VitrineError("InvalidOption", { option, expected, received: quote(options[option]) });
  }
  if (options.keys === "none") {
    const expected = '"required" with environment "kubernetes": a pod listens to the whole cluster';
    throw new VitrineError("InvalidOption", { option: "keys", expected, received: quote(options.keys) });
  }
  return checkKubernetes(options.kubernetes ?? {}, options.resources);
}

const CLUSTERS_OWN = {
  host: "the Service has the address",
  port: "the Service has the port",
  spare: "another pod is the spare",
  tls: "an Ingress or Gateway has the certificate",
} as const;

function onlyInClusters(options: DeploymentOptions): void {
  for (const option of ["kubernetes", "resources"] as const) {
    if (options[option] === undefined) continue;
    const expected = 'nothing unless environment is "kubernetes"';
    throw new VitrineError("InvalidOption", { option, expected, received: quote(options[option]) });
  }
}

export function checkName(name: string): string {
  if (typeof name === "string" && isDeploymentName(name)) return name;
  const expected = "lower-case letters, digits and hyphens, 1 to 63 of them, not a hyphen at either end,";
  throw new VitrineError("InvalidOption", { option: "name", expected, received: quote(name) });
}

export function checkModel(model: DeployableModel): DeployableModel {
  // Callers in plain JavaScript pass anything.
  const found = model as Partial<DeployableModel> | null | undefined;
  if (typeof found?.save === "function" && Array.isArray(found.labels)) return model;
  const expected = "a trained model: a TransferLearningModel, a FeatureClassifier or a detector";
  throw new VitrineError("InvalidOption", { option: "model", expected, received: quote(typeof model) });
}

function checkSettings(options: DeploymentOptions): ServiceSettings {
  const given = { ...DEFAULT_SETTINGS, ...withoutUndefined(options) };
  const host = checkHost(given.host);
  const keys = choiceOption("keys", given.keys, ["required", "none"]);
  if (keys === "none" && !isLoopback(host)) {
    const expected = '"required" where the service listens on more than a loopback address,';
    throw new VitrineError("InvalidOption", { option: "keys", expected, received: quote(keys) });
  }
  return {
    host,
    keys,
    port: integerOption("port", given.port, 0, 65535),
    replicas: integerOption("replicas", given.replicas, 1, 64),
    spare: booleanOption("spare", given.spare),
    maxBatch: integerOption("maxBatch", given.maxBatch, 1, 256),
    maxDelay: numberOption("maxDelay", given.maxDelay, 0, 1000),
    queueSize: integerOption("queueSize", given.queueSize, 1, 100_000),
    bodyLimit: integerOption("bodyLimit", given.bodyLimit, 1024, 2 ** 30),
    maxPixels: integerOption("maxPixels", given.maxPixels, 1),
    requestTimeout: integerOption("requestTimeout", given.requestTimeout, 100, 3_600_000),
    stuckAfter: DEFAULT_SETTINGS.stuckAfter,
    threads: options.threads === undefined ? null : integerOption("threads", options.threads, 1, 256),
    rateLimit: options.rateLimit === undefined ? null : numberOption("rateLimit", options.rateLimit, 0.1, 1e6),
    tls:
      options.tls === undefined
        ? null
        : { cert: pemPath("tls.cert", options.tls.cert), key: pemPath("tls.key", options.tls.key) },
    cors: (options.cors ?? []).map((origin) => checkOrigin(origin)),
    threshold: options.threshold === undefined ? null : checkThreshold(options.threshold, options.model),
    script: options.model instanceof ScriptedModel ? options.model.limits : null,
    tags: checkTags(given.tags),
    description: descriptionOption(given.description),
  };
}

function withoutUndefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function checkHost(host: string): string {
  if (host === "localhost" || isIP(host) !== 0) return host;
  throw new VitrineError("InvalidOption", { option: "host", expected: "an IP address", received: quote(host) });
}

export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);

function pemPath(option: string, path: string): string {
  const absolute = resolve(textOption(option, path));
  if (existsSync(absolute)) return absolute;
  throw new VitrineError("MissingFile", { path: absolute, what: "a PEM file", reason: "there is no such file" });
}

function checkOrigin(origin: string): string {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  const expected = 'an origin such as "https://example.org"';
  throw new VitrineError("InvalidOption", { option: "cors", expected, received: quote(origin) });
}

/** @throws InvalidOption where it is no probability, or for a label that the model does not know */
function checkThreshold(threshold: unknown, model: DeployableModel): number | Record<string, number> {
  if (model instanceof ScriptedModel) {
    const expected = "nothing with an entry script, which answers what it likes,";
    throw new VitrineError("InvalidOption", { option: "threshold", expected, received: quote(threshold) });
  }
  if (typeof threshold !== "object") return numberOption("threshold", threshold, 0, 1);
  const given = recordOption("threshold", threshold, "a number between 0 and 1, or such numbers by label");
  return Object.fromEntries(
    Object.entries(given).map(([label, value]) => {
      const known = choiceOption("threshold's labels", label, model.labels);
      return [known, numberOption(`threshold[${quote(label)}]`, value, 0, 1)];
    }),
  );
}

/** Texts by text. @throws InvalidOption */
export function checkTags(tags: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(recordOption("tags", tags, "an object of texts"));
  return Object.fromEntries(entries.map(([name, value]) => [name, tagText(name, value)]));
}

function tagText(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new VitrineError("InvalidOption", {
    option: `tags[${quote(name)}]`,
    expected: "a text",
    received: quote(value),
  });
}

function descriptionOption(description: unknown): string {
  if (typeof description === "string") return description;
  throw new VitrineError("InvalidOption", { option: "description", expected: "a text", received: quote(description) });
}
