/** What a service may take, and how it is called: the documents' `deploy_configuration`, with a deployment's own options beside. */
import { integerOption, knownOptions, numberOption } from "../../structures/options.js";
import { READY_WITHIN, type DeploymentOptions } from "../deployment-options.js";
import type { ScriptLimits } from "../service-settings.js";

const SERVICE_OPTIONS = [
  "environment",
  "kubernetes",
  "replicas",
  "spare",
  "host",
  "port",
  "queueSize",
  "bodyLimit",
  "keys",
  "rateLimit",
  "tls",
  "cors",
  "tags",
  "description",
] as const;

type ServiceOptions = Pick<DeploymentOptions, (typeof SERVICE_OPTIONS)[number]>;

export interface DeployConfigurationOptions extends ServiceOptions {
  /** Of each replica: the threads of its computation, and in a cluster its share of a node. 1 by default. */
  cpuCores?: number;
  /**
   * Of each replica with an entry script: one that takes more ends, and is replaced. 1 by default. A pod asks for 0.1875 more, for the
   * process before its replica.
   */
  memoryGb?: number;
  /** Milliseconds that an entry script's `run()` may take for one request; 30,000 by default. */
  scoringTimeout?: number;
  /** Milliseconds that an entry script's `init()` may take; 60,000 by default. */
  initTimeout?: number;
}

/** Checked; for `Model.deploy`. */
export interface DeployConfiguration {
  readonly service: Omit<DeploymentOptions, "name" | "model">;
  readonly limits: ScriptLimits;
  /** Milliseconds until the service must be ready: at least what its scripts may take to start, one after the other. */
  readonly timeout: number;
}

/** Milliseconds of all replicas' starts beside their `init()`. */
const START = 60_000;
/** Of a pod: the process before the replica, which has the queue and the keys. */
const FRONT_GB = 0.1875;

/** Milliseconds that a request may wait and travel, beside its script's own time. */
const AROUND = 10_000;
const MEBIBYTES = 1024;

/** @throws InvalidOption; what a deployment's own options may be is checked when it is made */
export function deployConfiguration(options: DeployConfigurationOptions = {}): DeployConfiguration {
  const { cpuCores = 1, memoryGb = 1, scoringTimeout = 30_000, initTimeout = 60_000, ...rest } = options;
  knownOptions("deployConfiguration", rest, SERVICE_OPTIONS);
  const runTimeout = integerOption("scoringTimeout", scoringTimeout, 10, 3_000_000);
  const limits = {
    runTimeout,
    initTimeout: integerOption("initTimeout", initTimeout, 100, 3_600_000),
    memory: Math.round(MEBIBYTES * numberOption("memoryGb", memoryGb, 0.125, 4096)),
  };
  // A tenth of a core, as clusters have it, is still a thread.
  const threads = Math.ceil(numberOption("cpuCores", cpuCores, 0.1, 256));
  const resources = rest.environment === "kubernetes" ? { resources: { cpuCores, memoryGb: memoryGb + FRONT_GB } } : {};
  const started = (rest.replicas ?? 1) * limits.initTimeout + START;
  const timeout = Math.max(READY_WITHIN[rest.environment ?? "local"], started);
  return { limits, timeout, service: { ...rest, ...resources, threads, requestTimeout: runTimeout + AROUND } };
}
