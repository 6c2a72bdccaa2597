/** How a service behaves; the same file for whoever deploys it and for the process that is it. */
import { z } from "zod";

/** What an entry script may take. */
export const scriptLimits = z.object({
  /** Milliseconds that `init()` may take. */
  initTimeout: z.number().int().min(100),
  /** Milliseconds that `run()` may take for one request. */
  runTimeout: z.number().int().min(10),
  /** Of a replica's whole process, in MiB. */
  memory: z.number().int().min(64),
});

export type ScriptLimits = z.infer<typeof scriptLimits>;

export const serviceSettings = z.object({
  /** Address to listen on. */
  host: z.string(),
  /** 0: a free one; the service writes down which it got, and keeps it. */
  port: z.number().int().min(0).max(65535),
  replicas: z.number().int().min(1).max(64),
  /** One more replica that is ready and has no work. */
  spare: z.boolean(),
  /** Pictures that are computed together at most. */
  maxBatch: z.number().int().min(1).max(256),
  /** Milliseconds that a picture waits for others at most while the model is free. */
  maxDelay: z.number().min(0).max(1000),
  /** Pictures that wait at most. */
  queueSize: z.number().int().min(1).max(100_000),
  /** Bytes of a request at most. */
  bodyLimit: z.number().int().min(1024),
  /** Pixels of a picture at most. */
  maxPixels: z.number().int().min(1),
  /** Milliseconds a request may take. */
  requestTimeout: z.number().int().min(100),
  /** Milliseconds without any answer after which a replica is taken for stuck. */
  stuckAfter: z.number().int().min(1000),
  /** Threads of a replica's computation; null: the cores are shared out. */
  threads: z.number().int().min(1).nullable(),
  keys: z.enum(["required", "none"]),
  /** Requests a second that a key may make; null: as many as it likes. */
  rateLimit: z.number().min(0.1).nullable(),
  /** Paths of a certificate and its key, PEM. */
  tls: z.object({ cert: z.string(), key: z.string() }).nullable(),
  /** Origins whose pages may ask; none by default. */
  cors: z.array(z.string()),
  /** The score from which on a label is answered, of all labels or by label; null: all are. */
  threshold: z
    .union([z.number(), z.record(z.string(), z.number())])
    .nullable()
    .default(null),
  /** Of a service whose answers an entry script gives; null where a model gives them. */
  script: scriptLimits.nullable().default(null),
  /** Its owner's words about it. */
  tags: z.record(z.string(), z.string()).default({}),
  description: z.string().default(""),
});

export type ServiceSettings = z.infer<typeof serviceSettings>;

export const DEFAULT_SETTINGS: ServiceSettings = {
  host: "127.0.0.1",
  port: 0,
  replicas: 1,
  spare: true,
  maxBatch: 8,
  maxDelay: 2,
  queueSize: 64,
  bodyLimit: 16 * 2 ** 20,
  maxPixels: 50_000_000,
  requestTimeout: 30_000,
  stuckAfter: 60_000,
  threads: null,
  keys: "required",
  rateLimit: null,
  tls: null,
  cors: [],
  threshold: null,
  script: null,
  tags: {},
  description: "",
};

/** `deployment.json`. */
export const deploymentDocument = z.object({
  format: z.literal("vitrine.deployment"),
  version: z.literal(1),
  name: z.string(),
  /** "container": an image of its own, which holds the version it serves. */
  environment: z.enum(["local", "container"]),
  createdAt: z.string(),
  /** The model's version that is served, and the ones before it, the latest last. */
  current: z.number().int().min(1),
  previous: z.array(z.number().int().min(1)),
  settings: serviceSettings,
});

export type DeploymentDocument = z.infer<typeof deploymentDocument>;

/** `service.json`, written by the process when it can be reached. */
export const serviceDocument = z.object({
  format: z.literal("vitrine.service"),
  version: z.literal(1),
  pid: z.number().int(),
  /** When the process began, as the system tells it: another process of that number is not it. */
  processStart: z.string(),
  /** The socket that obeys orders. */
  control: z.string(),
  uri: z.string(),
  startedAt: z.string(),
});

export type ServiceDocument = z.infer<typeof serviceDocument>;
