/**
 * Every error that vitrine raises on purpose, as one closed, tagged union.
 *
 * A code names what went wrong, its details are typed fields, and the message is made from them in one
 * place: what was expected, what came, and what to do. `isVitrineError(error, "InvalidImage")` narrows.
 */

/** The fields of each error, by its code. */
export interface VitrineErrorDetails {
  /** A caller's option is not what the function takes. */
  InvalidOption: { option: string; expected: string; received: string };
  /** A file or folder that was named is not there, or may not be read. */
  MissingFile: { path: string; what: string; reason: string };
  /** Something could not be put on disk; what was there before is untouched. */
  CannotWrite: { path: string; what: string; reason: string };
  /** A file is there but can't be read as a picture. */
  InvalidImage: { path: string; reason: string };
  /** A picture has more pixels than the limit; nothing of it was decoded. */
  ImageTooLarge: { path: string; width: number; height: number; limit: number };
  /** A folder or list does not make a data set. */
  InvalidDataset: { path: string; reason: string };
  /** A label that the data set or model does not have. */
  UnknownLabel: {
    label: string;
    labels: readonly string[];
    /** The picture that has it, and the data set that it is in. */
    where?: string;
  };
  /** A file that vitrine wrote or reads can't be understood: which file, where in it, what was expected. */
  InvalidFile: { path: string; where: string; expected: string; received: string };
  /** A weights file lacks a tensor, or one has another shape. */
  InvalidWeights: { path: string; tensor: string; expected: string; received: string };
  /** A pickle in a `.pth` file asks for something that loading weights never needs; it was not run. */
  UnsafePickle: { path: string; global: string };
  /** Weights can't be had from where they were asked for. */
  WeightsUnavailable: { source: string; reason: string; waysOut: readonly string[] };
  /** No engine, or not the one that this needs. */
  EngineUnavailable: { operation: string; reason: string; waysOut: readonly string[] };
  /** The engine's worker ended, or an operation in it failed. */
  EngineFailed: { operation: string; reason: string };
  /** A training can't go on: the loss is not a number. */
  TrainingDiverged: {
    epoch: number;
    loss: number;
    /** Of the step before it. */
    learningRate: number;
    /** What the model is now. */
    kept: string;
    waysOut: readonly string[];
  };
  /** Work was stopped by a signal or an interrupt; `kept` says what remains of it. */
  Stopped: { operation: string; kept: string };
  /** A method was called before what it needs: scoring an untrained model, say. */
  NotReady: { operation: string; reason: string };
  /** An address that nothing is fetched from: a private network's, say, or not of the web. */
  AddressRefused: { url: string; reason: string };
  /** A picture could not be fetched. */
  FetchFailed: { url: string; reason: string };
  /** There is no registered model of that name, or none of that version or with those tags. */
  UnknownModel: {
    name: string;
    /** Asked for; undefined for the latest. */
    version: number | undefined;
    tags: Readonly<Record<string, string>>;
    /** Of that name. */
    versions: readonly number[];
    /** Names in the workspace. */
    known: readonly string[];
  };
  /** There is no service of that name. */
  UnknownDeployment: { name: string; known: readonly string[] };
  /** A service could not be deployed, changed or ended. */
  DeploymentFailed: {
    name: string;
    operation: string;
    reason: string;
    waysOut: readonly string[];
    /** What kind of failure, where a program may want to tell. */
    kind?: DeploymentFailureKind;
  };
  /** A service answered that it would not, or could not, score. */
  ScoringFailed: {
    url: string;
    /** HTTP's; 0 where there was no answer. */
    status: number;
    reason: string;
    /** Which of the request's pictures, from 0, where it is one's fault. */
    index?: number;
  };
}

/** Of images and clusters. */
export type DeploymentFailureKind =
  | "image-build"
  /** No kubeconfig, or not the context, cluster or user that it names. */
  | "no-cluster"
  | "unreachable"
  /** The cluster does not know who asks. */
  | "unauthorized"
  /** It knows, and does not allow it. */
  | "forbidden"
  | "quota"
  | "image-pull"
  /** The containers start and end. */
  | "crash-loop"
  /** No node has room. */
  | "unschedulable"
  | "timeout"
  /** There is one of that name. */
  | "exists"
  /** The cluster takes the object for wrong, or lacks its kind. */
  | "rejected";

export type VitrineErrorCode = keyof VitrineErrorDetails;

const list = (items: readonly string[]) => items.map((item) => `\n  - ${item}`).join("");

const sentences: { [C in VitrineErrorCode]: (details: VitrineErrorDetails[C]) => string } = {
  InvalidOption: (d) => `Expected ${d.expected} for ${d.option} but received ${d.received}`,
  MissingFile: (d) => `${d.path}: expected ${d.what}, but ${d.reason}`,
  CannotWrite: (d) => `${d.path}: ${d.what} could not be written: ${d.reason}`,
  InvalidImage: (d) => `${d.path}: not a picture that can be read: ${d.reason}`,
  ImageTooLarge: (d) =>
    `${d.path}: ${d.width} × ${d.height} pixels are over the limit of ${d.limit}; nothing was decoded. ` +
    `Scale the picture down, or raise maxPixels`,
  InvalidDataset: (d) => `${d.path}: ${d.reason}`,
  UnknownLabel: (d) =>
    `${d.where === undefined ? "" : `${d.where}: `}Expected one of the labels ${d.labels.map(quote).join(", ")} ` +
    `but received ${quote(d.label)}`,
  InvalidFile: (d) => `${d.path}, ${d.where}: expected ${d.expected} but found ${d.received}`,
  InvalidWeights: (d) => `${d.path}: expected ${d.expected} for ${quote(d.tensor)} but found ${d.received}`,
  UnsafePickle: (d) =>
    `${d.path}: its pickle asks for ${d.global}, which weights never need; it was refused and nothing was run. ` +
    `Save the file again as safetensors, or with torch.save(model.state_dict(), path)`,
  WeightsUnavailable: (d) => `No weights from ${d.source}: ${d.reason}. Ways out:${list(d.waysOut)}`,
  EngineUnavailable: (d) => `${d.operation} is not possible here: ${d.reason}. Ways out:${list(d.waysOut)}`,
  EngineFailed: (d) => `The engine failed in ${d.operation}: ${d.reason}`,
  TrainingDiverged: (d) =>
    `The loss of epoch ${d.epoch} is ${d.loss}: the training was stopped, and ${d.kept}. Try:${list(d.waysOut)}`,
  Stopped: (d) => `${d.operation} was stopped; ${d.kept}`,
  NotReady: (d) => `${d.operation} is not possible yet: ${d.reason}`,
  AddressRefused: (d) => `Nothing is fetched from ${quote(d.url)}: ${d.reason}`,
  FetchFailed: (d) => `${d.url} could not be fetched: ${d.reason}`,
  UnknownModel: (d) => `There is no registered model ${unknownModel(d)}`,
  UnknownDeployment: (d) =>
    `There is no deployment ${quote(d.name)}; ${d.known.length === 0 ? "there are none" : `those there are: ${d.known.join(", ")}`}`,
  DeploymentFailed: (d) => `${d.operation} of ${quote(d.name)} failed: ${d.reason}. Ways out:${list(d.waysOut)}`,
  ScoringFailed: (d) => `${d.url} ${d.status === 0 ? "did not answer" : `answered ${d.status}`}: ${d.reason}`,
};

function unknownModel({ name, version, tags, versions, known }: VitrineErrorDetails["UnknownModel"]): string {
  const asked = `${quote(name)}${version === undefined ? "" : `, version ${version}`}`;
  const labelled = Object.keys(tags).length === 0 ? "" : ` with the tags ${quote(tags)}`;
  if (versions.length > 0) return `${asked}${labelled}; its versions are ${versions.join(", ")}`;
  return `${asked}; ${known.length === 0 ? "there are none" : `those there are: ${known.join(", ")}`}`;
}

/** An error with a code and typed details; the message is a whole sentence that says what to do. */
export class VitrineError<C extends VitrineErrorCode = VitrineErrorCode> extends Error {
  override readonly name = "VitrineError";
  readonly code: C;
  readonly details: VitrineErrorDetails[C];

  constructor(code: C, details: VitrineErrorDetails[C], options?: { cause?: unknown }) {
    super(sentences[code](details), options);
    this.code = code;
    this.details = details;
  }

  /** As `isVitrineError`; without it the code and the details of what `instanceof` has narrowed would be `any`. */
  static override [Symbol.hasInstance](error: unknown): error is AnyVitrineError {
    return isVitrineError(error);
  }
}

/** The errors of these codes as a union, all of them by default: `switch (error.code)` tells what `error.details` are. */
export type AnyVitrineError<C extends VitrineErrorCode = VitrineErrorCode> = { [K in C]: VitrineError<K> }[C];

/**
 * Whether `error` is one of vitrine's, and of that code where one is given. Works across two copies of the module.
 *
 * ```ts
 * const failed: unknown = await ClassificationDataset.createFromDir("cups", "no/folder").catch((error: unknown) => error);
 * if (isVitrineError(failed, "MissingFile")) console.log(failed.details.path);
 * ```
 */
export function isVitrineError<C extends VitrineErrorCode>(error: unknown, code?: C): error is AnyVitrineError<C> {
  if (!(error instanceof Error) || error.name !== "VitrineError") return false;
  const found: unknown = (error as { code?: unknown }).code;
  return typeof found === "string" && Object.hasOwn(sentences, found) && (code === undefined || found === code);
}

/** A value as an error sentence shows it: quoted, cut short, never throwing. */
export function quote(value: unknown): string {
  try {
    const text = asText(value);
    return text.length > 80 ? `${text.slice(0, 77)}…` : text;
  } catch {
    return `a ${typeof value}`;
  }
}

function asText(value: unknown): string {
  if (value === undefined) return "undefined";
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  // JSON has no NaN and no bigint.
  return typeof value === "number" || typeof value === "bigint" ? String(value) : JSON.stringify(value);
}
