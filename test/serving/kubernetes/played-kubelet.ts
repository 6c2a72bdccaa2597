/**
 * The nodes' part, for a real API server and for a played one: pods of images that were built run on the played node, all others become
 * ready, or don't, by the name of their image. Also KServe's controller, as far as it says that its service is ready.
 */
import type { PlayedNode, RunPod } from "./played-node.js";

export type PlayedApi = (method: string, path: string, body?: object, type?: string) => Promise<unknown>;

interface Pod extends RunPod {
  metadata: RunPod["metadata"] & { labels?: Record<string, string> };
  spec: RunPod["spec"] & { nodeName?: string };
  status?: {
    phase?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: { restartCount: number }[];
  };
}

/** Its name. */
export const NODE = "played";

const MERGE = "application/merge-patch+json";

export class PlayedKubelet {
  private readonly api: PlayedApi;
  private readonly node: PlayedNode;
  private readonly lost = new Set<string>();
  private readonly bound = new Set<string>();

  constructor(api: PlayedApi, node: PlayedNode) {
    this.api = api;
    this.node = node;
  }

  async tend(namespace: string): Promise<void> {
    await this.tendPods(namespace).catch(() => undefined);
    await this.tendInferenceServices(namespace);
  }

  private async tendPods(namespace: string): Promise<void> {
    const { items } = (await this.api("GET", `/api/v1/namespaces/${namespace}/pods`)) as { items: Pod[] };
    await this.node.keepOnly(namespace, new Set(items.map(({ metadata }) => metadata.uid)));
    // Gone meanwhile, where it fails.
    for (const pod of items) await this.tendPod(namespace, pod).catch(() => undefined);
  }

  private async tendPod(namespace: string, pod: Pod): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}`;
    const runs = this.node.has(pod.spec.containers[0]?.image ?? "");
    const first = runs && !this.bound.has(pod.metadata.uid);
    if (first) await this.bind(path, pod);
    const status = runs ? await this.node.tend(pod) : (this.batchStatus(namespace, pod) ?? statusFor(pod));
    if (!status) return;
    await this.api("PATCH", `${path}/status`, { status }, MERGE);
    if (!runs || first) await this.tell(namespace, pod);
  }

  /** A log or a port is asked of the node that has the pod. */
  private async bind(path: string, { metadata, spec }: Pod): Promise<void> {
    const target = { apiVersion: "v1", kind: "Node", name: NODE };
    if (spec.nodeName === undefined)
      await this.api("POST", `${path}/binding`, {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { name: metadata.name },
        target,
      });
    this.bound.add(metadata.uid);
  }

  /** A batch's pod ends well and says what it has done; the first of the second shard goes with its node. */
  private batchStatus(namespace: string, { metadata, spec, status }: Pod): object | undefined {
    const index = metadata.labels?.["batch.kubernetes.io/job-completion-index"];
    const { name = "", image = "" } = spec.containers[0] ?? {};
    if (index === undefined || status?.phase === "Succeeded" || status?.phase === "Failed" || image.includes("missing"))
      return undefined;
    const base = { name, image, imageID: "", ready: false, restartCount: 0 };
    const job = `${namespace}/${metadata.labels?.["job-name"] ?? ""}`;
    if (index === "1" && !this.lost.has(job)) {
      this.lost.add(job);
      return {
        phase: "Failed",
        containerStatuses: [{ ...base, state: { terminated: { exitCode: 137, reason: "Error" } } }],
      };
    }
    const message = JSON.stringify({
      shard: Number(index),
      pictures: 10,
      failed: index === "2" ? 1 : 0,
      milliseconds: 5,
      worker: metadata.name,
    });
    return { phase: "Succeeded", containerStatuses: [{ ...base, state: { terminated: { exitCode: 0, message } } }] };
  }

  private async tell(namespace: string, { metadata, spec }: Pod): Promise<void> {
    const image = spec.containers[0]?.image ?? "";
    const now = new Date().toISOString();
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${metadata.name}.${Math.random().toString(16).slice(2)}` },
      involvedObject: { kind: "Pod", namespace, name: metadata.name, uid: metadata.uid },
      reason: "Pulling",
      message: `Pulling image "${image}"`,
      type: "Normal",
      firstTimestamp: now,
      lastTimestamp: now,
    };
    await this.api("POST", `/api/v1/namespaces/${namespace}/events`, event);
  }

  private async tendInferenceServices(namespace: string): Promise<void> {
    const root = `/apis/serving.kserve.io/v1beta1/namespaces/${namespace}/inferenceservices`;
    const { items } = (await this.api("GET", root)) as {
      items: { metadata: { name: string; generation: number }; status?: { observedGeneration?: number } }[];
    };
    for (const { metadata, status } of items) {
      if (status?.observedGeneration === metadata.generation) continue;
      const ready = {
        observedGeneration: metadata.generation,
        url: `http://${metadata.name}.shop.example`,
        conditions: [{ type: "Ready", status: "True" }],
      };
      await this.api("PATCH", `${root}/${metadata.name}/status`, { status: ready }, MERGE);
    }
  }
}

/** undefined where nothing changes. */
function statusFor({ spec, status }: Pod): object | undefined {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  const { name = "", image = "" } = spec.containers[0] ?? {};
  const base = { name, image, imageID: "", ready: false, restartCount: 0, started: false };
  if (image.includes("huge")) {
    if (status?.conditions) return undefined;
    return {
      phase: "Pending",
      conditions: [
        {
          type: "PodScheduled",
          status: "False",
          reason: "Unschedulable",
          message: "0/3 nodes are available: 3 Insufficient memory.",
        },
      ],
    };
  }
  if (image.includes("missing")) {
    if (status?.containerStatuses) return undefined;
    const waiting = { reason: "ImagePullBackOff", message: `Back-off pulling image "${image}": not found` };
    return { phase: "Pending", containerStatuses: [{ ...base, state: { waiting } }] };
  }
  if (image.includes("crash")) {
    const restartCount = (status?.containerStatuses?.[0]?.restartCount ?? -1) + 1;
    if (restartCount > 2) return undefined;
    const terminated = { exitCode: 1, reason: image.includes("memory") ? "OOMKilled" : "Error" };
    return {
      phase: "Running",
      containerStatuses: [
        {
          ...base,
          restartCount,
          state: { waiting: { reason: restartCount < 2 ? "ContainerCreating" : "CrashLoopBackOff" } },
          lastState: { terminated },
        },
      ],
    };
  }
  if (status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True")) return undefined;
  const since = new Date().toISOString();
  return {
    phase: "Running",
    conditions: [{ type: "Ready", status: "True", lastTransitionTime: since }],
    containerStatuses: [{ ...base, ready: true, started: true, state: { running: { startedAt: since } } }],
  };
}
