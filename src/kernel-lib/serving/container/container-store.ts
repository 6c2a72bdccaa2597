/**
 * A service's state in a container: what the image holds, and what its environment says. Nothing is written, so the container's file
 * system may be read-only; a change of the mounted keys counts at once.
 *
 * | Variable | Meaning |
 * | --- | --- |
 * | `VITRINE_SECRETS` | folder with `keys.json` and, if the owner has a key, `owner`; `/run/secrets/vitrine` |
 * | `VITRINE_PRIMARY_KEY_SHA256`, `VITRINE_SECONDARY_KEY_SHA256` | in place of the folder: the keys' SHA-256 in hexadecimal |
 * | `VITRINE_REPLICAS`, `VITRINE_THREADS`, `VITRINE_PORT` | in place of the image's own |
 * | `VITRINE_TLS_CERT`, `VITRINE_TLS_KEY` | paths of PEM files; the service speaks https then |
 */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { quote, VitrineError } from "../../structures/errors.js";
import { keysDocument, type KeysDocument } from "../keys/service-keys.js";
import { serviceSettings, type DeploymentDocument } from "../service-settings.js";
import type { ServiceStore } from "../supervisor/service-store.js";
import { CONTAINER_PORT, imageDocument, SECRET_FOLDER, type ImageDocument } from "./image-document.js";

export class ContainerStore implements ServiceStore {
  readonly path: string;
  readonly log = undefined;
  readonly ownerToken: string | undefined;
  private readonly image: ImageDocument;
  private readonly env: NodeJS.ProcessEnv;

  private constructor(path: string, image: ImageDocument, env: NodeJS.ProcessEnv, ownerToken: string | undefined) {
    this.path = path;
    this.image = image;
    this.env = env;
    this.ownerToken = ownerToken;
  }

  /** @param path of `service.json`, beside which `versions` lies. @throws MissingFile, InvalidFile */
  static async open(path: string, env: NodeJS.ProcessEnv = process.env): Promise<ContainerStore> {
    const text = await readFile(path, "utf8").catch((cause: unknown) => {
      throw new VitrineError("MissingFile", { path, what: "an image's service", reason: String(cause) }, { cause });
    });
    const image = imageDocument.parse(JSON.parse(text));
    const owner = await readFile(join(secrets(env), "owner"), "utf8").catch(() => "");
    return new ContainerStore(path, image, env, owner.trim() === "" ? undefined : owner.trim());
  }

  get versions(): string {
    return join(dirname(this.path), "versions");
  }

  controlSocket(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  readDeployment(): Promise<DeploymentDocument> {
    const { name, modelVersion: current, createdAt, settings } = this.image;
    const { VITRINE_TLS_CERT: cert, VITRINE_TLS_KEY: key } = this.env;
    const own = {
      // Within a container that is all there is, and whoever runs it says who reaches it.
      host: "0.0.0.0",
      port: this.number("VITRINE_PORT", CONTAINER_PORT),
      replicas: this.number("VITRINE_REPLICAS", settings.replicas),
      threads: this.number("VITRINE_THREADS", settings.threads),
      tls: cert !== undefined && key !== undefined ? { cert, key } : null,
    };
    const checked = serviceSettings.parse({ ...settings, ...own });
    const document = { format: "vitrine.deployment", version: 1, environment: "container" } as const;
    return Promise.resolve({ ...document, name, createdAt, current, previous: [], settings: checked });
  }

  /** @throws MissingFile where nobody has said which keys there are: a service without any would answer nobody */
  async readKeys(): Promise<KeysDocument> {
    const { VITRINE_PRIMARY_KEY_SHA256: primary, VITRINE_SECONDARY_KEY_SHA256: secondary } = this.env;
    if (primary !== undefined || secondary !== undefined) {
      const record = (sha256: string | undefined) =>
        sha256 === undefined ? null : { sha256, createdAt: this.image.createdAt };
      return parseKeys("VITRINE_…_KEY_SHA256", {
        format: "vitrine.keys",
        version: 1,
        primary: record(primary),
        secondary: record(secondary),
      });
    }
    const path = join(secrets(this.env), "keys.json");
    const text = await readFile(path, "utf8").catch((cause: unknown) => {
      const reason = `there is none; mount it there, or set VITRINE_PRIMARY_KEY_SHA256 (${(cause as NodeJS.ErrnoException).code ?? ""})`;
      throw new VitrineError("MissingFile", { path, what: "the hashes of the service's keys", reason }, { cause });
    });
    return parseKeys(path, parseJson(text));
  }

  writeDeployment(): Promise<void> {
    return Promise.resolve();
  }
  writeKeys(): Promise<void> {
    return Promise.resolve();
  }
  writeService(): Promise<void> {
    return Promise.resolve();
  }

  private number<T>(variable: string, otherwise: T): number | T {
    const text = this.env[variable];
    if (text === undefined || text === "") return otherwise;
    const value = Number(text);
    if (Number.isInteger(value) && value > 0) return value;
    throw new VitrineError("InvalidOption", {
      option: variable,
      expected: "a whole number above 0",
      received: quote(text),
    });
  }
}

const secrets = (env: NodeJS.ProcessEnv): string => env["VITRINE_SECRETS"] ?? SECRET_FOLDER;

function parseKeys(path: string, value: unknown): KeysDocument {
  const parsed = keysDocument.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") ?? "the whole";
  throw new VitrineError("InvalidFile", { path, where, expected: "the SHA-256 of a key", received: "something else" });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
