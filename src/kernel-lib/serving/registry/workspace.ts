/**
 * A workspace: a folder's own registry of models, found from anywhere below the folder by its `config.json`.
 *
 * ```ts
 * await Workspace.create({ name: "digits", path: "." });   // once
 * const workspace = await Workspace.fromConfig();          // ever after
 * ```
 */
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { z } from "zod";

import { writeFileAtomic } from "../../structures/atomic-file.js";
import { quote, VitrineError } from "../../structures/errors.js";
import { booleanOption, knownOptions, textOption } from "../../structures/options.js";

const CONFIG = "config.json";
const FORMAT = "vitrine.workspace";

const config = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  workspace_name: z.string().min(1),
  /** From the configuration's folder. */
  registry: z.string().min(1),
});

export interface CreateWorkspaceOptions {
  name: string;
  /** The folder that gets the `config.json`; the current one by default. */
  path?: string;
  /** The folder of the registry, from `path`; `.vitrine/registry` by default. */
  registry?: string;
  /** Open the workspace that is there already, where it has that name. */
  existOk?: boolean;
}

/** What a found file is: a workspace's, or why it is none. */
type Found = { workspace: Workspace } | { path: string; reason: string };

/**
 * A folder's own registry of models, found from anywhere below the folder by its `config.json`.
 *
 * ```ts
 * const workspace = await Workspace.create({ name: "digits", path: ".", existOk: true });
 * ```
 */
export class Workspace {
  readonly name: string;
  /** The folder of its `config.json`, absolute. */
  readonly path: string;
  /** Where its models lie, absolute. */
  readonly registry: string;

  private constructor(name: string, path: string, registry: string) {
    this.name = name;
    this.path = path;
    this.registry = registry;
  }

  /** Writes the `config.json` and makes the registry. @throws InvalidOption; CannotWrite where there is a `config.json` already */
  static async create(options: CreateWorkspaceOptions): Promise<Workspace> {
    knownOptions("Workspace.create", options, ["name", "path", "registry", "existOk"]);
    const name = textOption("name", options.name);
    const folder = resolve(textOption("path", options.path ?? "."));
    const registry = textOption("registry", options.registry ?? ".vitrine/registry");
    const file = join(folder, CONFIG);
    const there = await read(file);
    if (there) {
      const fits = "workspace" in there && there.workspace.name === name;
      if (booleanOption("existOk", options.existOk ?? false) && fits) return there.workspace;
      const whose = "workspace" in there ? `the workspace ${quote(there.workspace.name)} has one there` : there.reason;
      throw new VitrineError("CannotWrite", { path: file, what: "a workspace's configuration", reason: whose });
    }
    const document = { format: FORMAT, version: 1, workspace_name: name, registry };
    await writeFileAtomic(file, `${JSON.stringify(document, null, 2)}\n`, "a workspace's configuration");
    const workspace = new Workspace(name, folder, resolve(folder, registry));
    await mkdir(workspace.registry, { recursive: true });
    return workspace;
  }

  /**
   * Finds the `config.json` in a folder, in its `.vitrine`, or in a folder above; those of others are passed over.
   *
   * @param options `path`: a folder to begin in, or the file; the current folder by default
   * @throws MissingFile, InvalidFile
   */
  static async fromConfig(options: { path?: string } = {}): Promise<Workspace> {
    knownOptions("Workspace.fromConfig", options, ["path"]);
    const start = resolve(textOption("path", options.path ?? "."));
    const passed: string[] = [];
    for (const path of placesFrom(start)) {
      const found = await read(path);
      if (found && "workspace" in found) return found.workspace;
      if (found) passed.push(`${found.path}: ${found.reason}`);
    }
    const seen = passed.length === 0 ? "" : ` (${passed.join("; ")})`;
    const reason = `there is none there or above${seen}; Workspace.create({ name, path }) makes one`;
    throw new VitrineError("MissingFile", { path: start, what: "a workspace's config.json", reason });
  }

  toJSON(): { name: string; path: string; registry: string } {
    return { name: this.name, path: this.path, registry: this.registry };
  }

  /** @internal */
  static at(name: string, path: string, registry: string): Workspace {
    return new Workspace(name, path, registry);
  }
}

/** Where a configuration may lie, nearest first. */
function placesFrom(start: string): string[] {
  if (start.endsWith(".json")) return [start];
  const places = [join(start, ".vitrine", CONFIG), join(start, CONFIG)];
  return start === dirname(start) ? places : [...places, ...placesFrom(dirname(start))];
}

/** undefined where there is no file. @throws InvalidFile where it is a workspace's, but broken */
async function read(path: string): Promise<Found | undefined> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const { code = "" } = cause as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR", "EISDIR", "EACCES"].includes(code)) return undefined;
    throw cause;
  });
  if (text === undefined) return undefined;
  const content = parse(text);
  if (content === undefined) return { path, reason: "it is no JSON" };
  const { format, subscription_id: azure } = content as { format?: unknown; subscription_id?: unknown };
  if (format !== FORMAT) return { path, reason: azure === undefined ? "it is of another program" : "it is of Azure" };
  const checked = config.safeParse(content);
  if (!checked.success) {
    const where = checked.error.issues[0]?.path.map(String).join(".") ?? "the whole";
    const expected = checked.error.issues[0]?.message ?? "a workspace's configuration";
    throw new VitrineError("InvalidFile", { path, where, expected, received: quote(text) });
  }
  const folder = dirname(path);
  const { workspace_name: name, registry } = checked.data;
  return { workspace: Workspace.at(name, folder, resolve(folder, registry)) };
}

/** An object, or undefined. */
function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
