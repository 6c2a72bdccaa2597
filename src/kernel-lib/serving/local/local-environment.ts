/** Services on this machine: a folder and a process each. */
import { randomUUID } from "node:crypto";
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { isVitrineError, VitrineError } from "../../structures/errors.js";
import type { DeploymentEnvironment, ServiceAddress, Watched } from "../deployment-environment.js";
import { keysDocumentOf, newKey, type KeyName, type Keys } from "../keys/service-keys.js";
import { addVersion, pruneVersions, type DeployableModel } from "../model-versions.js";
import type { DeploymentDocument, ServiceSettings } from "../service-settings.js";
import type { ServiceStatus } from "../service-status.js";
import { control, Unreachable } from "./control-client.js";
import { DeploymentFolder, deploymentNames } from "./deployment-folder.js";
import { withLock } from "./deployment-lock.js";
import { endProcess, findProcess, readStatus, startProcess } from "./service-process.js";

/** Versions that are kept to roll back to. */
const KEPT_VERSIONS = 5;
/** Milliseconds that an update or a scaling may take: each replica loads a model. */
const CHANGE_TIMEOUT = 600_000;

export const localEnvironment: DeploymentEnvironment = {
  async deploy(name, model, settings, watched) {
    const folder = new DeploymentFolder(name);
    return withLock(folder, "deployment", async () => {
      if (await folder.readDeployment()) {
        const waysOut = [
          "deployment.update(model) to serve another model under the same address",
          `Deployment.deleteIfExists(${JSON.stringify(name)})`,
          "Another name",
        ];
        throw failed(name, "The deployment", "there is one of that name", waysOut);
      }
      // What an interrupted deployment may have left.
      await rm(folder.path, { recursive: true, force: true });
      try {
        return await deployNew(folder, model, settings, watched);
      } catch (error) {
        await endProcess(folder);
        await rm(folder.path, { recursive: true, force: true });
        throw error;
      }
    });
  },

  async status(name) {
    const { folder, document } = await existing(name);
    return (await readStatus(folder)) ?? stopped(document);
  },

  async exists(name) {
    return (await new DeploymentFolder(name).readDeployment()) !== undefined;
  },

  async list() {
    const all = (await deploymentNames()).map(async (name) => {
      const folder = new DeploymentFolder(name);
      const document = await folder.readDeployment();
      return document ? [(await readStatus(folder)) ?? stopped(document)] : [];
    });
    return (await Promise.all(all)).flat();
  },

  async address(name): Promise<ServiceAddress> {
    const { folder, document } = await existing(name);
    const { uri, socket } = await running(folder, "scoring");
    const { token } = await order<{ token: string }>(name, socket, "GET", "/owner-token");
    const { tls, keys } = document.settings;
    const ca = tls === null ? undefined : await readFile(tls.cert, "utf8");
    return { uri, key: keys === "none" ? undefined : token, ca };
  },

  async logs(name, lines) {
    const { folder } = await existing(name);
    const texts = await Promise.all(
      [`${folder.log}.1`, folder.log].map((path) => readFile(path, "utf8").catch(() => "")),
    );
    return texts
      .join("")
      .split("\n")
      .filter((line) => line !== "")
      .slice(-lines);
  },

  async start(name, watched) {
    const { folder } = await existing(name);
    await withLock(folder, "start", async () => {
      if (await findProcess(folder)) return;
      await bringUp(folder, watched);
    });
  },

  async stop(name) {
    const { folder } = await existing(name);
    await withLock(folder, "stop", () => endProcess(folder));
  },

  async scale(name, replicas, watched) {
    const { folder } = await existing(name);
    await withLock(folder, "scaling", async () => {
      const { socket } = await running(folder, "scaling");
      watched.progress(`${name}: ${replicas} replica${replicas === 1 ? "" : "s"}…`);
      await order(name, socket, "POST", "/scale", { replicas });
    });
  },

  async update(name, model, watched) {
    const { folder, document } = await existing(name);
    await withLock(folder, "update", async () => {
      const { socket } = await running(folder, "update");
      const { number, files } = await addVersion(folder.versions, model);
      watched.progress(`${name}: version ${number} written, ${megabytes(files)}; replicas change over one by one…`);
      try {
        await order(name, socket, "POST", "/update", { version: number });
      } catch (error) {
        await rm(join(folder.versions, String(number)), { recursive: true, force: true });
        throw error;
      }
      await pruneVersions(folder.versions, [number, document.current], KEPT_VERSIONS);
      watched.progress(`${name}: version ${number} is served`);
    });
  },

  async rollback(name, watched) {
    const { folder } = await existing(name);
    await withLock(folder, "rollback", async () => {
      const { socket } = await running(folder, "rollback");
      const { version } = await order<ServiceStatus>(name, socket, "POST", "/rollback", {});
      watched.progress(`${name}: version ${version} is served again`);
    });
  },

  async rotateKey(name, key) {
    const { folder } = await existing(name);
    const { socket } = await running(folder, "the rotation of a key");
    return (await order<{ key: string }>(name, socket, "POST", "/rotate-key", { name: key })).key;
  },

  async revokeKey(name, key: KeyName) {
    const { folder } = await existing(name);
    const { socket } = await running(folder, "the revocation of a key");
    await order(name, socket, "POST", "/revoke-key", { name: key });
  },

  async delete(name) {
    const { folder } = await existing(name);
    await withLock(folder, "deletion", async () => {
      await endProcess(folder);
      // Gone at once, whatever becomes of the rest.
      const aside = join(folder.path, "..", `.${name}-${randomUUID()}`);
      await rename(folder.path, aside);
      await rm(aside, { recursive: true, force: true });
    });
  },
};

/** The version of the model that is served now, and how. @throws UnknownDeployment */
export async function servedVersion(
  name: string,
): Promise<{ model: { versions: string; number: number }; settings: ServiceSettings }> {
  const { folder, document } = await existing(name);
  return { model: { versions: folder.versions, number: document.current }, settings: document.settings };
}

async function deployNew(
  folder: DeploymentFolder,
  model: DeployableModel,
  settings: ServiceSettings,
  watched: Watched,
): Promise<Keys> {
  const { name } = folder;
  const { number, files } = await addVersion(folder.versions, model);
  watched.progress(`${name}: version ${number} of the model written, ${megabytes(files)}`);
  const keys: Keys = { primary: newKey(), secondary: newKey() };
  await folder.writeKeys(keysDocumentOf(keys));
  await folder.writeDeployment({
    format: "vitrine.deployment",
    version: 1,
    name,
    environment: "local",
    createdAt: new Date().toISOString(),
    current: number,
    previous: [],
    settings,
  });
  await bringUp(folder, watched);
  return keys;
}

/** Starts the process and waits until all its replicas can score. */
async function bringUp(folder: DeploymentFolder, { progress, signal, timeout }: Watched): Promise<void> {
  const { name } = folder;
  const started = Date.now();
  const waysOut = ["Look at deployment.logs()", "Another port, where it was the port"];
  const service = await startProcess(folder).catch((error: unknown) => {
    throw failed(name, "The start", messageOf(error), waysOut);
  });
  let said = "";
  for (;;) {
    const status = await readStatus(folder);
    if (!status) throw failed(name, "The start", "the process ended", waysOut);
    const ready = status.replicas.filter(({ role }) => role === "active").length;
    const line = `${name}: ${ready} of ${status.wanted} replicas ready`;
    if (line !== said) progress((said = line));
    if (ready >= status.wanted) break;
    if (status.lastFailure !== "") throw failed(name, "The start", status.lastFailure, waysOut);
    if (Date.now() - started > timeout)
      throw failed(name, "The start", `not ready within ${timeout / 1000} s`, waysOut);
    if (signal?.aborted === true)
      throw new VitrineError("Stopped", { operation: "The deployment", kept: "nothing is left of it" });
    await wait(50);
  }
  progress(`${name}: ready at ${service.uri}/score after ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

async function existing(name: string): Promise<{ folder: DeploymentFolder; document: DeploymentDocument }> {
  const folder = new DeploymentFolder(name);
  const document = await folder.readDeployment();
  if (document) return { folder, document };
  throw new VitrineError("UnknownDeployment", { name, known: await deploymentNames() });
}

async function running(folder: DeploymentFolder, operation: string): Promise<{ uri: string; socket: string }> {
  const service = await findProcess(folder);
  if (service) return { uri: service.uri, socket: service.control };
  const reason = `${folder.name} is stopped; deployment.start() starts it again, at the same address`;
  throw new VitrineError("NotReady", { operation, reason });
}

async function order<T>(name: string, socket: string, method: "GET" | "POST", path: string, body?: object): Promise<T> {
  try {
    return await control<T>(socket, method, path, body, CHANGE_TIMEOUT);
  } catch (error) {
    if (isVitrineError(error)) throw error;
    const reason = error instanceof Unreachable ? `its process did not answer (${error.message})` : messageOf(error);
    throw failed(name, `The order ${path.slice(1)}`, reason, ["Look at deployment.logs()"]);
  }
}

function stopped({ name, settings, current, previous }: DeploymentDocument): ServiceStatus {
  const { tls, host, port, replicas, queueSize } = settings;
  return {
    name,
    environment: "local",
    state: "stopped",
    uri: port === 0 ? "" : `${tls === null ? "http" : "https"}://${host}:${port}`,
    version: current,
    previous,
    labels: [],
    script: settings.script !== null,
    model: "",
    replicas: [],
    wanted: replicas,
    queue: { waiting: 0, capacity: queueSize },
    restarts: 0,
    lastFailure: "",
    pid: 0,
    cpuSeconds: 0,
    memoryBytes: 0,
    seconds: 0,
  };
}

const failed = (name: string, operation: string, reason: string, waysOut: readonly string[]) =>
  new VitrineError("DeploymentFailed", { name, operation, reason, waysOut });

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const megabytes = (files: Readonly<Record<string, { bytes: number }>>) =>
  `${(Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1)} MB`;
