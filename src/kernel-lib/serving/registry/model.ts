/**
 * A registered model: a file or folder that was put into a workspace under a name, and got a version.
 *
 * ```ts
 * const model = await Model.register({ workspace, modelPath: "digits.json", modelName: "digits", tags: { data: "digits" } });
 * await new Model(workspace, "digits").download({ targetDir: "." });
 * const service = await Model.deploy(workspace, "digits", [model], new InferenceConfig({ entryScript: "score.ts" }));
 * await service.waitForDeployment({ showOutput: true });
 * ```
 */
import { cp, mkdir, rename, rm, stat } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";

import { quote, VitrineError } from "../../structures/errors.js";
import { booleanOption, integerOption, knownOptions, textOption } from "../../structures/options.js";
import { checkTags } from "../deployment-options.js";
import { checkFiles } from "../file-hashes.js";
import { deployConfiguration, type DeployConfiguration } from "./deploy-configuration.js";
import type { InferenceConfig } from "./inference-config.js";
import {
  addModel,
  filesFolder,
  isModelName,
  modelNames,
  modelVersions,
  readRecord,
  readTags,
  removeModel,
  unknownModel,
  writeTags,
  type ModelRecord,
  type Tags,
} from "./model-registry.js";
import { startWebservice, type Webservice } from "./webservice.js";
import { Workspace } from "./workspace.js";

export interface RegisterModelOptions {
  workspace: Workspace;
  /** Of a file or a folder. */
  modelPath: string;
  /** Letters, digits, dots, hyphens and underscores. */
  modelName: string;
  tags?: Tags;
  /** For people. */
  description?: string;
}

export interface FindModelOptions {
  /** The latest by default. */
  version?: number;
  /** Only versions that have all of these. */
  tags?: Tags;
}

export interface DownloadOptions {
  /** The current folder by default. */
  targetDir?: string;
  /** Replace what is there of that name. */
  existOk?: boolean;
}

/**
 * A registered model: a file or folder that has a name, a version and tags in a workspace.
 *
 * ```ts
 * await Model.register({ workspace, modelPath: "digits.json", modelName: "digits" });
 * await new Model(workspace, "digits").download({ targetDir: "." });
 * ```
 */
export class Model {
  readonly workspace: Workspace;
  readonly name: string;
  readonly version: number;
  readonly description: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** SHA-256 and size by path. */
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
  private readonly record: ModelRecord;

  /** Finds a registered model: the latest version, or the one that is asked for. @throws UnknownModel */
  constructor(workspace: Workspace, name: string, options: FindModelOptions = {}) {
    knownOptions("Model", options, ["version", "tags"]);
    const { registry } = checkWorkspace(workspace);
    const record = find(registry, checkName(name), options);
    this.workspace = workspace;
    this.record = record;
    this.name = record.name;
    this.version = record.number;
    this.description = record.description;
    this.createdAt = record.createdAt;
    this.files = record.files;
  }

  /**
   * Puts a file or folder into the workspace, as the next version of that name. A Python pickle is refused: it is code.
   * @throws InvalidOption, MissingFile, InvalidFile, CannotWrite
   */
  static async register(options: RegisterModelOptions): Promise<Model> {
    knownOptions("Model.register", options, ["workspace", "modelPath", "modelName", "tags", "description"]);
    const { workspace, modelName, modelPath, tags = {}, description = "" } = options;
    const { registry } = checkWorkspace(workspace);
    const name = checkName(modelName);
    const path = textOption("modelPath", modelPath);
    const { number } = await addModel(registry, { name, path, tags: checkTags(tags), description });
    return new Model(workspace, name, { version: number });
  }

  /** Registered models, by name, the latest version first; of one name, with certain tags, or only the latest of each. */
  static list(workspace: Workspace, options: { name?: string; tags?: Tags; latest?: boolean } = {}): Model[] {
    knownOptions("Model.list", options, ["name", "tags", "latest"]);
    const { registry } = checkWorkspace(workspace);
    const latest = booleanOption("latest", options.latest ?? false);
    const names = options.name === undefined ? modelNames(registry) : [checkName(options.name)];
    return names.flatMap((name) => {
      const versions = modelVersions(registry, name).reverse();
      const models = versions.map((version) => new Model(workspace, name, { version }));
      return models.filter(({ tags }) => hasTags(tags, options.tags ?? {})).slice(0, latest ? 1 : undefined);
    });
  }

  /**
   * Makes a service of models and an entry script; without a script, of one model that vitrine itself has saved. Resolves when its
   * start is under way; `waitForDeployment` waits for the rest.
   *
   * @param name of the service: lower-case letters, digits and hyphens
   * @throws InvalidOption, MissingFile; InvalidFile where the script does not compile or a model's file was changed
   */
  static async deploy(
    workspace: Workspace,
    name: string,
    models: readonly Model[],
    inferenceConfig?: InferenceConfig,
    deploymentConfig: DeployConfiguration = deployConfiguration(),
    options: { overwrite?: boolean } = {},
  ): Promise<Webservice> {
    knownOptions("Model.deploy", options, ["overwrite"]);
    checkWorkspace(workspace);
    const overwrite = booleanOption("overwrite", options.overwrite ?? false);
    return startWebservice(name, { models, inferenceConfig }, deploymentConfig, overwrite);
  }

  /** By name; they may be changed, the model may not. */
  get tags(): Tags {
    return readTags(this.workspace.registry, this.name, this.version);
  }

  /** Of all its files. */
  get bytes(): number {
    return Object.values(this.files).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Adds tags, or gives those that are there another value; null takes one away. */
  async setTags(tags: Readonly<Record<string, string | null>>): Promise<void> {
    const removed = Object.keys(tags).filter((name) => tags[name] === null);
    const added = Object.fromEntries(Object.entries(tags).filter(([name]) => !removed.includes(name)));
    const kept = Object.entries(this.tags).filter(([name]) => !removed.includes(name));
    await writeTags(this.workspace.registry, this.record, { ...Object.fromEntries(kept), ...checkTags(added) });
  }

  /**
   * Copies the file or folder that was registered, checked against its hashes, whole or not at all.
   * @returns its path
   * @throws CannotWrite where there is one of that name and `existOk` is not said; InvalidFile where a file was changed
   */
  async download(options: DownloadOptions = {}): Promise<string> {
    knownOptions("download", options, ["targetDir", "existOk"]);
    const folder = resolve(textOption("targetDir", options.targetDir ?? "."));
    const target = join(folder, this.record.base);
    const there = await stat(target).then(
      () => true,
      () => false,
    );
    if (there && !booleanOption("existOk", options.existOk ?? false)) {
      const reason = "there is one of that name; existOk: true replaces it";
      throw new VitrineError("CannotWrite", { path: target, what: "the model", reason });
    }
    const source = await this.check();
    const beside = join(folder, `.${randomUUID()}`);
    try {
      await mkdir(folder, { recursive: true });
      await cp(source, beside, { recursive: true });
      await replace(target, beside);
    } catch (cause) {
      await rm(beside, { recursive: true, force: true }).catch(() => undefined);
      const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
      throw new VitrineError("CannotWrite", { path: target, what: "the model", reason }, { cause });
    }
    return target;
  }

  /** Removes this version; its number is not given again. Services that have it keep their copy. @throws UnknownModel where it is gone */
  async delete(): Promise<void> {
    await removeModel(this.workspace.registry, this.record);
  }

  /** The file or folder in the registry, once its hashes were looked at. @throws InvalidFile @internal */
  async check(): Promise<string> {
    const folder = filesFolder(this.workspace.registry, this.name, this.version);
    await checkFiles(folder, this.record.files);
    return join(folder, this.record.base);
  }

  /** Its file's or folder's own name. @internal */
  get base(): string {
    return this.record.base;
  }

  toJSON(): { name: string; version: number; description: string; tags: Tags; createdAt: string; bytes: number } {
    const { name, version, description, tags, createdAt, bytes } = this;
    return { name, version, description, tags, createdAt, bytes };
  }

  toString(): string {
    const { name, version, description, bytes } = this;
    const tags = Object.entries(this.tags).map(([tag, value]) => `${tag}=${value}`);
    const size = bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
    const rest = [size, ...tags, ...(description === "" ? [] : [description])];
    return `${name}, version ${version}: ${rest.join(", ")}`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** Whenever this ends, the old one is there or the new one; of a folder the old one, put aside, where it is neither. */
async function replace(target: string, beside: string): Promise<void> {
  const aside = `${beside}-before`;
  try {
    await rename(beside, target);
    return;
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
  }
  await rename(target, aside);
  await rename(beside, target).catch(async (error: unknown) => {
    await rename(aside, target);
    throw error;
  });
  await rm(aside, { recursive: true, force: true });
}

function find(registry: string, name: string, { version, tags = {} }: FindModelOptions): ModelRecord {
  const all = modelVersions(registry, name);
  const wanted = version === undefined ? all : all.filter((one) => one === integerOption("version", version, 1));
  const number = wanted.filter((one) => hasTags(readTags(registry, name, one), tags)).at(-1);
  if (number !== undefined) return readRecord(registry, name, number);
  throw unknownModel(registry, name, version, tags);
}

const hasTags = (tags: Tags, wanted: Tags) => Object.entries(wanted).every(([name, value]) => tags[name] === value);

function checkWorkspace(workspace: Workspace): Workspace {
  // Callers in plain JavaScript pass anything.
  if ((workspace as unknown) instanceof Workspace) return workspace;
  throw new VitrineError("InvalidOption", { option: "workspace", expected: "a Workspace", received: typeof workspace });
}

function checkName(name: string): string {
  if (typeof name === "string" && isModelName(name)) return name;
  const expected = "letters, digits, dots, hyphens and underscores, a letter or digit first, at most 100,";
  throw new VitrineError("InvalidOption", { option: "modelName", expected, received: quote(name) });
}
