/**
 * The controllers' part for Deployments and Jobs, over the API: pods are made, replaced and counted, and what nobody owns any more is
 * removed. Where a real kube-controller-manager is there, this is not.
 */
import { createHash, randomUUID } from "node:crypto";

import type { PlayedApi } from "./played-kubelet.js";

interface Owned {
  spec?: object;
  metadata: {
    name: string;
    uid: string;
    generation: number;
    labels?: Record<string, string>;
    ownerReferences?: { uid: string }[];
    deletionTimestamp?: string;
  };
  status?: {
    phase?: string;
    conditions?: { type: string; status: string }[];
    observedGeneration?: number;
    startTime?: string;
  };
}
interface Template {
  metadata: { labels: Record<string, string> };
  spec: object;
}
interface Deployment extends Owned {
  spec: { replicas: number; template: Template };
}
interface Job extends Owned {
  spec: { completions: number; parallelism: number; template: Template };
}

const MERGE = "application/merge-patch+json";
const INDEX = "batch.kubernetes.io/job-completion-index";

export class PlayedControllers {
  private readonly api: PlayedApi;

  constructor(api: PlayedApi) {
    this.api = api;
  }

  async tend(namespace: string): Promise<void> {
    const list = async <T>(path: string) => ((await this.api("GET", path)) as { items: T[] }).items;
    const deployments = await list<Deployment>(`/apis/apps/v1/namespaces/${namespace}/deployments`);
    const jobs = await list<Job>(`/apis/batch/v1/namespaces/${namespace}/jobs`);
    const pods = await list<Owned>(`/api/v1/namespaces/${namespace}/pods`);
    const owners = new Set([...deployments, ...jobs].map(({ metadata }) => metadata.uid));
    for (const pod of pods)
      if (!owners.has(pod.metadata.ownerReferences?.[0]?.uid ?? "")) await this.removePod(namespace, pod);
    const of = ({ metadata }: Owned) =>
      pods.filter(
        (pod) =>
          pod.metadata.ownerReferences?.[0]?.uid === metadata.uid && pod.metadata.deletionTimestamp === undefined,
      );
    for (const deployment of deployments)
      await this.tendDeployment(namespace, deployment, of(deployment)).catch(() => undefined);
    for (const job of jobs) await this.tendJob(namespace, job, of(job)).catch(() => undefined);
  }

  /** A new pod before an old one goes, and a status that tells. */
  private async tendDeployment(namespace: string, deployment: Deployment, pods: readonly Owned[]): Promise<void> {
    const { metadata, spec } = deployment;
    const { replicas, template } = spec;
    const hash = createHash("sha256").update(JSON.stringify(template)).digest("hex").slice(0, 10);
    const current = pods.filter((pod) => pod.metadata.labels?.["pod-template-hash"] === hash);
    const old = pods.filter((pod) => !current.includes(pod));
    const available = current.filter(isReady).length;
    let refused = "";
    const sick = old.find((pod) => !isReady(pod));
    if (sick) await this.removePod(namespace, sick);
    else if (current.length < replicas && pods.length < replicas + 1) {
      const name = `${metadata.name}-${hash}-${randomUUID().slice(0, 5)}`;
      const made = this.makePod(namespace, name, "apps/v1", "Deployment", deployment, { "pod-template-hash": hash });
      refused = await made.then(
        () => "",
        (error: unknown) => String(error),
      );
    } else if (current.length > replicas) await this.removePod(namespace, current.at(-1));
    else if (available + old.length > replicas) await this.removePod(namespace, old[0]);
    const failure = /"message":"((?:[^"\\]|\\.)*)"/.exec(refused)?.[1]?.replaceAll('\\"', '"') ?? "";
    const conditions =
      failure === "" ? [] : [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: failure }];
    const status = {
      observedGeneration: metadata.generation,
      replicas: pods.length,
      updatedReplicas: current.length,
      readyReplicas: pods.filter(isReady).length,
      availableReplicas: pods.filter(isReady).length,
      conditions,
    };
    await this.api(
      "PATCH",
      `/apis/apps/v1/namespaces/${namespace}/deployments/${metadata.name}/status`,
      { status },
      MERGE,
    );
  }

  /** A pod an index that is not done, so many at a time, and a new one where one has failed. */
  private async tendJob(namespace: string, job: Job, pods: readonly Owned[]): Promise<void> {
    const { completions, parallelism } = job.spec;
    const { name } = job.metadata;
    const indexOf = (pod: Owned) => Number(pod.metadata.labels?.[INDEX]);
    const done = new Set(pods.filter(({ status }) => status?.phase === "Succeeded").map(indexOf));
    const active = pods.filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed");
    const busy = new Set(active.map(indexOf));
    const next = Array.from({ length: completions }, (_, i) => i).find((i) => !done.has(i) && !busy.has(i));
    if (next !== undefined && active.length < parallelism) {
      await this.makePod(namespace, `${name}-${next}-${randomUUID().slice(0, 5)}`, "batch/v1", "Job", job, {
        "job-name": name,
        [INDEX]: String(next),
      });
    }
    if (job.status?.conditions?.some(({ type }) => type === "Complete")) return;
    // The API keeps seconds, and a start that it takes for another one is refused.
    const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    const startTime = job.status?.startTime ?? now;
    const whole = done.size === completions;
    const said = (type: string) => ({ type, status: "True", lastProbeTime: now, lastTransitionTime: now });
    const conditions = whole ? [said("SuccessCriteriaMet"), said("Complete")] : [];
    const completedIndexes = [...done].sort((a, b) => a - b).join(",");
    const status = {
      startTime,
      ...(whole && { completionTime: now }),
      succeeded: done.size,
      failed: pods.filter(({ status: is }) => is?.phase === "Failed").length,
      active: whole ? 0 : active.length,
      ready: 0,
      completedIndexes: compact(completedIndexes),
      conditions,
    };
    await this.api("PATCH", `/apis/batch/v1/namespaces/${namespace}/jobs/${name}/status`, { status }, MERGE);
  }

  private async makePod(
    namespace: string,
    name: string,
    apiVersion: string,
    kind: string,
    owner: Deployment | Job,
    labels: Record<string, string>,
  ): Promise<void> {
    const { template } = owner.spec;
    const reference = { apiVersion, kind, name: owner.metadata.name, uid: owner.metadata.uid, controller: true };
    const metadata = { name, labels: { ...template.metadata.labels, ...labels }, ownerReferences: [reference] };
    await this.api("POST", `/api/v1/namespaces/${namespace}/pods`, {
      apiVersion: "v1",
      kind: "Pod",
      metadata,
      spec: template.spec,
    });
  }

  private async removePod(namespace: string, pod: Owned | undefined): Promise<void> {
    if (!pod) return;
    const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}`;
    // One that runs is ended by its node, which says when it is gone.
    const running = (pod.spec as { nodeName?: string } | undefined)?.nodeName !== undefined;
    await this.api("DELETE", path, {
      apiVersion: "v1",
      kind: "DeleteOptions",
      ...(!running && { gracePeriodSeconds: 0 }),
    }).catch(() => undefined);
  }
}

const isReady = ({ status }: Owned): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;

/** "0,1,2,4" is "0-2,4", as the API wants it. */
function compact(indexes: string): string {
  const runs: [number, number][] = [];
  for (const index of indexes === "" ? [] : indexes.split(",").map(Number)) {
    const last = runs.at(-1);
    if (last && last[1] + 1 === index) last[1] = index;
    else runs.push([index, index]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(",");
}
