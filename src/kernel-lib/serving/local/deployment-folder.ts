/** Where the services of this user are kept: a folder each, which outlives notebook, kernel and machine. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

import type { z } from "zod";

import { writeFileAtomic } from "../../structures/atomic-file.js";
import { quote, VitrineError } from "../../structures/errors.js";
import { userId } from "../../structures/user-name.js";
import {
  deploymentDocument,
  serviceDocument,
  type DeploymentDocument,
  type ServiceDocument,
} from "../service-settings.js";
import { keysDocument, type KeysDocument } from "../keys/service-keys.js";

/** `$VITRINE_DEPLOYMENTS`, else `$XDG_STATE_HOME/vitrine/deployments`, else `~/.local/state/vitrine/deployments`. */
export function deploymentsHome(env: NodeJS.ProcessEnv = process.env): string {
  const own = env["VITRINE_DEPLOYMENTS"];
  if (own !== undefined && own !== "") return own;
  const state = env["XDG_STATE_HOME"];
  const base = state?.startsWith("/") === true ? state : join(homedir(), ".local", "state");
  return join(base, "vitrine", "deployments");
}

/** A socket's path has room for about a hundred bytes. */
const MAX_SOCKET_PATH = 100;

export class DeploymentFolder {
  readonly path: string;
  readonly name: string;

  constructor(name: string, home: string = deploymentsHome()) {
    this.name = name;
    this.path = join(home, name);
  }

  get versions(): string {
    return join(this.path, "versions");
  }
  get log(): string {
    return join(this.path, "service.log");
  }
  /** What the process prints before and beside its log. */
  get output(): string {
    return join(this.path, "service.out");
  }
  get lock(): string {
    return `${this.path}.lock`;
  }

  /** The socket that obeys orders: in the folder, which is the user's alone, or in a folder like it with a shorter name. */
  async controlSocket(): Promise<string> {
    const path = join(this.path, "control.sock");
    if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return path;
    const folder = join(tmpdir(), `vitrine-control-${userId()}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return join(folder, `${createHash("sha256").update(this.path).digest("hex").slice(0, 24)}.sock`);
  }

  readDeployment(): Promise<DeploymentDocument | undefined> {
    return this.read("deployment.json", deploymentDocument);
  }
  readService(): Promise<ServiceDocument | undefined> {
    return this.read("service.json", serviceDocument);
  }
  readKeys(): Promise<KeysDocument | undefined> {
    return this.read("keys.json", keysDocument);
  }
  writeDeployment(document: DeploymentDocument): Promise<void> {
    return this.write("deployment.json", document);
  }
  writeService(document: ServiceDocument): Promise<void> {
    return this.write("service.json", document);
  }
  writeKeys(document: KeysDocument): Promise<void> {
    return this.write("keys.json", document);
  }

  /** undefined where there is none. @throws InvalidFile that names the field */
  private async read<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const path = join(this.path, name);
    const text = await readFile(path, "utf8").catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new VitrineError("MissingFile", { path, what: "a service's state", reason: String(cause) }, { cause });
    });
    if (text === undefined) return undefined;
    const parsed = schema.safeParse(parse(text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = issue?.path.map(String).join(".") ?? "";
    const details = { path, where: where === "" ? "the whole" : where, expected: issue?.message ?? "a state" };
    throw new VitrineError("InvalidFile", { ...details, received: quote(text.slice(0, 40)) });
  }

  private async write(name: string, document: object): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    await writeFileAtomic(join(this.path, name), `${JSON.stringify(document, null, 2)}\n`, "a service's state");
  }
}

/** Names of the services that are there, running or not. */
export async function deploymentNames(home: string = deploymentsHome()): Promise<string[]> {
  const entries = await readdir(home, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && isDeploymentName(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** As Kubernetes has it, so that a name works everywhere. */
export const isDeploymentName = (name: string): boolean => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
