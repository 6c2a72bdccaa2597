/**
 * What an entry script needs around it: a version of Node, packages of npm, environment variables. On this machine a deployment checks
 * that it is so; an image is built so.
 *
 * ```yaml
 * name: digits
 * node: ">=20.19"
 * packages: { lodash: ^4.17.0 }
 * variables: { DIGITS_LIMIT: "0.5" }
 * ```
 */
import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";

import { satisfies } from "semver";
import { parse, stringify } from "yaml";

import { writeFileAtomic } from "../../structures/atomic-file.js";
import { isVitrineError, quote, VitrineError } from "../../structures/errors.js";
import { knownOptions, recordOption, textOption } from "../../structures/options.js";
import { isRange } from "../scripts/installed-packages.js";

export interface EnvironmentOptions {
  name: string;
  /** A range of Node's versions; any by default. */
  node?: string;
  /** Ranges of versions by package. `vitrine` itself need not be listed. */
  packages?: Readonly<Record<string, string>>;
  /** Environment variables. */
  variables?: Readonly<Record<string, string>>;
}

const NAMES = ["name", "node", "packages", "variables"];
/** Given by vitrine itself. */
const RESERVED = ["VITRINE_MODEL_DIR", "NODE_PATH", "NODE_OPTIONS"];

/**
 * What an entry script needs around it: a version of Node, npm packages, environment variables.
 *
 * ```ts
 * await new Environment({ name: "digits", node: ">=20.19" }).save("environment.yml");
 * ```
 */
export class Environment {
  readonly name: string;
  readonly node: string | undefined;
  readonly packages: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;

  /** @throws InvalidOption that names the field */
  constructor(options: EnvironmentOptions) {
    const given = recordOption("environment", options, 'an object with a "name"') as unknown as EnvironmentOptions;
    knownOptions("Environment", given, NAMES);
    this.name = textOption("name", given.name);
    this.node = given.node === undefined ? undefined : checkNode(given.node);
    this.packages = texts("packages", given.packages ?? {}, (name, range) => checkRange(name, range));
    this.variables = texts("variables", given.variables ?? {}, (name, value) => checkVariable(name, value));
  }

  /**
   * Reads a file of that form, YAML or JSON.
   *
   * @param options `name` in place of the file's own
   * @throws MissingFile; InvalidFile that names the place
   */
  static async fromFile(path: string, options: { name?: string } = {}): Promise<Environment> {
    knownOptions("fromFile", options, ["name"]);
    const text = await readFile(path, "utf8").catch((cause: unknown) => {
      const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is none" : String(cause);
      throw new VitrineError("MissingFile", { path: resolve(path), what: "an environment", reason }, { cause });
    });
    const refuse = (where: string, received: string, cause: unknown) => {
      throw new VitrineError(
        "InvalidFile",
        { path: resolve(path), where, expected: "an environment", received },
        { cause },
      );
    };
    try {
      const content: unknown = extname(path) === ".json" ? JSON.parse(text) : parse(text, { maxAliasCount: 0 });
      const fields = recordOption("the whole", content, 'an object with a "name"') as unknown as EnvironmentOptions;
      return new Environment({ ...fields, ...options });
    } catch (cause) {
      if (isVitrineError(cause, "InvalidOption")) {
        const { option, expected, received } = cause.details;
        throw new VitrineError("InvalidFile", { path: resolve(path), where: option, expected, received }, { cause });
      }
      return refuse("the whole", (cause as Error).message.split("\n")[0] ?? "", cause);
    }
  }

  /** Writes the file that `fromFile` reads: JSON where its name ends so, else YAML. */
  async save(path: string): Promise<void> {
    const text = extname(path) === ".json" ? `${JSON.stringify(this, null, 2)}\n` : String(this);
    await writeFileAtomic(path, text, "an environment");
  }

  /** @throws InvalidOption where this Node is not the one it wants */
  checkNode(): void {
    if (this.node === undefined || satisfies(process.versions.node, this.node)) return;
    const details = {
      option: `node of the environment ${quote(this.name)}`,
      expected: `Node ${process.versions.node}`,
    };
    throw new VitrineError("InvalidOption", { ...details, received: quote(this.node) });
  }

  toJSON(): EnvironmentOptions {
    const { name, node, packages, variables } = this;
    return { name, ...(node !== undefined && { node }), packages, variables };
  }

  /** As YAML. */
  toString(): string {
    return stringify(this.toJSON());
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function checkNode(range: unknown): string {
  if (typeof range === "string" && isRange(range)) return range;
  throw new VitrineError("InvalidOption", {
    option: "node",
    expected: 'a range of versions such as ">=20.19"',
    received: quote(range),
  });
}

function texts(
  option: string,
  given: unknown,
  check: (name: string, value: unknown) => string,
): Record<string, string> {
  const entries = Object.entries(recordOption(option, given, "an object of texts"));
  return Object.fromEntries(entries.map(([name, value]) => [name, check(name, value)]));
}

function checkRange(name: string, range: unknown): string {
  const isName = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name);
  if (!isName)
    throw new VitrineError("InvalidOption", {
      option: "packages",
      expected: "names of npm packages",
      received: quote(name),
    });
  if (typeof range === "string" && isRange(range)) return range;
  throw new VitrineError("InvalidOption", {
    option: `packages[${quote(name)}]`,
    expected: 'a range of versions such as "^4.17.0"',
    received: quote(range),
  });
}

function checkVariable(name: string, value: unknown): string {
  if (!/^[A-Za-z_]\w*$/.test(name) || RESERVED.includes(name)) {
    const expected = `names of environment variables, without ${RESERVED.join(", ")},`;
    throw new VitrineError("InvalidOption", { option: "variables", expected, received: quote(name) });
  }
  // A YAML file says 1 where "1" is meant.
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string" && !value.includes("\0")) return value;
  throw new VitrineError("InvalidOption", {
    option: `variables[${quote(name)}]`,
    expected: "a text",
    received: quote(value),
  });
}
