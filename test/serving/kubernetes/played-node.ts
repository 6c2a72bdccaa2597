/**
 * A node's containers: the image's own command as a process of this machine, with the pod's variables and its secret's files, asked by the
 * pod's own probe, started again where it ends. Of images that the played engine has built (`played-engine.ts`); all else of a container,
 * its walls above all, is not here.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { freePort } from "../free-port.js";
import type { PlayedApi } from "./played-kubelet.js";

export interface RunPod {
  metadata: { name: string; namespace: string; uid: string; deletionTimestamp?: string };
  spec: {
    containers: {
      name: string;
      image: string;
      env?: { name: string; value?: string }[];
      readinessProbe?: { httpGet: { path: string } };
      lifecycle?: { preStop?: { exec?: { command: string[] } } };
    }[];
    volumes?: { secret?: { secretName: string } }[];
  };
}

interface Container {
  namespace: string;
  pod: string;
  port: number;
  secrets: string;
  process: ChildProcess;
  restarts: number;
  exitCode: number | undefined;
  log: string;
  previousLog: string;
  told: string;
  ending: Promise<void> | undefined;
}

/** Milliseconds; a busy machine is not a sick pod. */
const PROBE_TIMEOUT = 20_000;

export class PlayedNode {
  private readonly api: PlayedApi;
  private readonly home: string;
  private readonly closing = new AbortController();
  private readonly containers = new Map<string, Container>();

  /** @param home folder of the images, `images/TAG`, and of what pods are given */
  constructor(api: PlayedApi, home: string) {
    this.api = api;
    this.home = home;
  }

  has(image: string): boolean {
    return existsSync(join(imageFolder(this.home, image), "Dockerfile"));
  }

  /** What the kubelet says of the pod; undefined where it has said that already. */
  async tend(pod: RunPod): Promise<object | undefined> {
    const { uid, namespace } = pod.metadata;
    const known = this.containers.get(uid);
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.leave(pod, known);
      return undefined;
    }
    const container = known ?? (await this.start(pod));
    await this.mount(pod, namespace, container.secrets);
    if (container.exitCode !== undefined && container.restarts === 0) await this.restart(pod, container);
    const status = await this.status(pod, container);
    const said = JSON.stringify(status);
    if (said === container.told) return undefined;
    container.told = said;
    return status;
  }

  /** Goes on for a while, ends well, and tells the API that it has. */
  private leave({ metadata, spec }: RunPod, container: Container | undefined): void {
    if (container?.ending) return;
    const finish = async () => {
      const [command, seconds] = spec.containers[0]?.lifecycle?.preStop?.exec?.command ?? [];
      if (container && command === "sleep")
        await wait(1000 * Number(seconds), undefined, { signal: this.closing.signal }).catch(() => undefined);
      if (container) await end(container);
      const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
      await this.api("DELETE", path, { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 }).catch(
        () => undefined,
      );
    };
    const ending = finish();
    if (container) container.ending = ending;
  }

  /** Ends what runs for pods that are no more. */
  async keepOnly(namespace: string, uids: ReadonlySet<string>): Promise<void> {
    const gone = [...this.containers].filter(([uid, container]) => container.namespace === namespace && !uids.has(uid));
    for (const [uid] of gone) this.containers.delete(uid);
    await Promise.all(gone.map(([, container]) => end(container)));
  }

  log(namespace: string, pod: string, previous: boolean): string | undefined {
    const container = this.find(namespace, pod);
    return previous ? container?.previousLog : container?.log;
  }

  /** Where the container's port is on this machine. */
  port(namespace: string, pod: string): number | undefined {
    return this.find(namespace, pod)?.port;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([...this.containers.values()].map(end));
    await Promise.all([...this.containers.values()].map(async ({ ending }) => ending));
  }

  private find(namespace: string, pod: string): Container | undefined {
    return [...this.containers.values()].find((one) => one.namespace === namespace && one.pod === pod);
  }

  private async start(pod: RunPod): Promise<Container> {
    const { name, namespace, uid } = pod.metadata;
    const secrets = join(this.home, "pods", uid);
    await mkdir(secrets, { recursive: true });
    await this.mount(pod, namespace, secrets);
    const port = await freePort();
    const process = this.run(pod, port, secrets);
    const container: Container = {
      namespace,
      pod: name,
      port,
      secrets,
      process,
      restarts: 0,
      exitCode: undefined,
      log: "",
      previousLog: "",
      told: "",
      ending: undefined,
    };
    this.containers.set(uid, container);
    watch(container);
    return container;
  }

  private run({ spec }: RunPod, port: number, secrets: string): ChildProcess {
    const [container] = spec.containers;
    const folder = imageFolder(this.home, container?.image ?? "");
    const entry = /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(join(folder, "Dockerfile"), "utf8"))?.[1] ?? "[]";
    const [, ...args] = (JSON.parse(entry) as string[]).map((word) =>
      word.replace("/srv/vitrine", join(folder, "app")),
    );
    const given = Object.fromEntries((container?.env ?? []).map(({ name, value = "" }) => [name, value]));
    const { PATH } = process.env;
    const env = { PATH, NODE_ENV: "production", ...given, VITRINE_PORT: String(port), VITRINE_SECRETS: secrets };
    return spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  }

  private async restart(pod: RunPod, container: Container): Promise<void> {
    container.previousLog = container.log;
    container.log = "";
    container.restarts++;
    container.exitCode = undefined;
    container.process = this.run(pod, container.port, container.secrets);
    watch(container);
    await Promise.resolve();
  }

  private async mount({ spec }: RunPod, namespace: string, folder: string): Promise<void> {
    for (const { secret } of spec.volumes ?? []) {
      if (!secret) continue;
      const { data = {} } = (await this.api("GET", `/api/v1/namespaces/${namespace}/secrets/${secret.secretName}`)) as {
        data?: Record<string, string>;
      };
      for (const [file, content] of Object.entries(data))
        await writeWhole(join(folder, file), Buffer.from(content, "base64"));
    }
  }

  private async status({ spec }: RunPod, container: Container): Promise<object> {
    const [first] = spec.containers;
    const { name = "", image = "", readinessProbe } = first ?? {};
    const { restarts, exitCode, port } = container;
    const base = { name, image, imageID: "" };
    const terminated = { exitCode: exitCode ?? 1, reason: "Error" };
    if (exitCode !== undefined) {
      const state = { waiting: { reason: "CrashLoopBackOff" } };
      return {
        phase: "Running",
        conditions: [condition(false)],
        containerStatuses: [
          { ...base, ready: false, started: false, restartCount: restarts + 1, state, lastState: { terminated } },
        ],
      };
    }
    const ready = await isReady(`http://127.0.0.1:${port}${readinessProbe?.httpGet.path ?? "/"}`);
    const state = { running: { startedAt: null } };
    return {
      phase: "Running",
      conditions: [condition(ready)],
      containerStatuses: [
        {
          ...base,
          ready,
          started: ready,
          restartCount: restarts,
          state,
          ...(restarts > 0 && { lastState: { terminated } }),
        },
      ],
    };
  }
}

/** Where an image of a tag lies. */
export const imageFolder = (home: string, tag: string): string => join(home, "images", tag.replaceAll(/[/:@]/g, "_"));

const condition = (ready: boolean) => ({ type: "Ready", status: ready ? "True" : "False" });

function watch(container: Container): void {
  const { process: child } = container;
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => (container.log += text));
  child.once("close", (code) => {
    if (container.process === child) container.exitCode = code ?? 137;
  });
}

/** A kubelet's files are never half of one. */
async function writeWhole(path: string, content: Buffer): Promise<void> {
  if ((await readFile(path).catch(() => undefined))?.equals(content)) return;
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT) }).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.status === 200;
}

async function end({ process: child, exitCode }: Container): Promise<void> {
  if (exitCode !== undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await once(child, "close");
  clearTimeout(late);
}
