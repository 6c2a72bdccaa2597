/**
 * Where a notebook's files go: results, what must outlive the notebook, and what may be thrown away.
 *
 * One context is the global one; whatever writes files takes `context` as an option and falls back to it.
 */
import { mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { knownOptions, textOption } from "./options.js";
import { VitrineError } from "./errors.js";
import { userName } from "./user-name.js";

export interface ContextOptions {
  /** Results: augmented pictures, models, reports. By default `out` in the working directory. */
  outputsPath?: string;
  /** What must outlive the notebook: pictures added by hand, journals of folders that can't be written. By default the
   *  user's data directory (`$XDG_DATA_HOME/vitrine`, else `~/.local/share/vitrine`). */
  persistentPath?: string;
  /** What may be deleted at any time. By default a folder of the user's own in the system's temporary directory. */
  tempPath?: string;
}

// A cell's copy of this module and another's may be two instances; they meet here.
const GLOBAL = Symbol.for("vitrine.context");

/**
 * Where files go: results in `outputsPath`, what must last in `persistentPath`, what may be thrown away in `tempPath`.
 *
 * ```ts
 * const context = await Context.create({ outputsPath: "../out", persistentPath: "../keep", tempPath: "../temp" });
 * ```
 */
export class Context {
  readonly outputsPath: string;
  readonly persistentPath: string;
  readonly tempPath: string;

  private constructor(options: ContextOptions) {
    this.outputsPath = folder("outputsPath", options.outputsPath ?? "out");
    this.persistentPath = folder("persistentPath", options.persistentPath ?? dataHome());
    this.tempPath = folder("tempPath", options.tempPath ?? join(tmpdir(), `vitrine-${userName()}`));
  }

  /**
   * Makes the folders and a context of them, which becomes the global one.
   * @throws `InvalidOption` for an empty path, `MissingFile` where a folder can't be made.
   */
  static create(options: ContextOptions = {}): Context {
    knownOptions("Context.create", options, ["outputsPath", "persistentPath", "tempPath"]);
    const context = new Context(options);
    (globalThis as { [GLOBAL]?: Context })[GLOBAL] = context;
    return context;
  }

  /** The context that was created last, else one with every default. */
  static global(): Context {
    return (globalThis as { [GLOBAL]?: Context })[GLOBAL] ?? Context.create();
  }

  /** The three folders, as absolute paths. */
  get storage(): { outputsPath: string; persistentPath: string; tempPath: string } {
    const { outputsPath, persistentPath, tempPath } = this;
    return { outputsPath, persistentPath, tempPath };
  }

  /** `{"storage": {...}}`, with absolute paths. */
  toJSON(): { storage: Context["storage"] } {
    return { storage: this.storage };
  }

  [Symbol.for("Jupyter.display")](): { [mime: string]: unknown } {
    return { "text/plain": JSON.stringify(this, null, 4) };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return JSON.stringify(this, null, 4);
  }
}

function dataHome(): string {
  const home = process.env["XDG_DATA_HOME"];
  return join(home?.startsWith("/") ? home : join(homedir(), ".local", "share"), "vitrine");
}

function folder(option: string, path: string): string {
  const absolute = resolve(textOption(option, path));
  try {
    // Others have no business in it; an existing folder keeps its own mode.
    mkdirSync(absolute, { recursive: true, mode: option === "outputsPath" ? 0o777 : 0o700 });
  } catch (cause) {
    const reason = `it can't be made: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`;
    throw new VitrineError("MissingFile", { path: absolute, what: `a folder for ${option}`, reason }, { cause });
  }
  return absolute;
}
