/**
 * The nodes' part, for a real API server and for a played one: pods become ready, or don't, by the name of their image. Also KServe's
 * controller, as far as it says that its service is ready.
 */
export type PlayedApi = (method: string, path: string, body?: object, type?: string) => Promise<unknown>;

interface Pod {
  metadata: { name: string; uid: string; labels?: Record<string, string> };
  spec: { containers: { name: string; image: string }[] };
  status?: {
    phase?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: { restartCount: number }[];
  };
}

const MERGE = "application/merge-patch+json";

export class PlayedKubelet {
  private readonly api: PlayedApi;
  private readonly namespaces: readonly string[];
  private readonly lost = new Set<string>();
  private going = true;
  private running: Promise<void> = Promise.resolve();

  constructor(api: PlayedApi, namespaces: readonly string[]) {
    this.api = api;
    this.namespaces = namespaces;
  }

  start(): this {
    this.running = this.loop();
    return this;
  }

  async stop(): Promise<void> {
    this.going = false;
    await this.running;
  }

  private async loop(): Promise<void> {
    while (this.going) {
      for (const namespace of this.namespaces) {
        await this.tend(namespace).catch(() => undefined);
        await this.tendInferenceServices(namespace).catch(() => undefined);
      }
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  }

  private async tend(namespace: string): Promise<void> {
    const { items } = (await this.api("GET", `/api/v1/namespaces/${namespace}/pods`)) as { items: Pod[] };
    for (const pod of items) {
      const status = this.batchStatus(namespace, pod) ?? statusFor(pod);
      if (!status) continue;
      const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}/status`;
      // Gone meanwhile.
      await this.api("PATCH", path, { status }, MERGE).catch(() => undefined);
      await this.tell(namespace, pod).catch(() => undefined);
    }
  }

  /** A batch's pod ends well and says what it has done; the first of the second shard goes with its node. */
  private batchStatus(namespace: string, { metadata, spec, status }: Pod): object | undefined {
    const index = metadata.labels?.["batch.kubernetes.io/job-completion-index"];
    const { name = "", image = "" } = spec.containers[0] ?? {};
    if (index === undefined || status?.phase === "Succeeded" || status?.phase === "Failed" || image.includes("missing")) return undefined; // prettier-ignore
    const base = { name, image, imageID: "", ready: false, restartCount: 0 };
    const job = `${namespace}/${metadata.labels?.["job-name"] ?? ""}`;
    if (index === "1" && !this.lost.has(job)) {
      this.lost.add(job);
      return { phase: "Failed", containerStatuses: [{ ...base, state: { terminated: { exitCode: 137, reason: "Error" } } }] }; // prettier-ignore
    }
    const message = JSON.stringify({ shard: Number(index), pictures: 10, failed: index === "2" ? 1 : 0, milliseconds: 5, worker: metadata.name }); // prettier-ignore
    return { phase: "Succeeded", containerStatuses: [{ ...base, state: { terminated: { exitCode: 0, message } } }] };
  }

  private async tell(namespace: string, { metadata, spec }: Pod): Promise<void> {
    const image = spec.containers[0]?.image ?? "";
    const now = new Date().toISOString();
    const event = { apiVersion: "v1", kind: "Event", metadata: { name: `${metadata.name}.${Math.random().toString(16).slice(2)}` }, involvedObject: { kind: "Pod", namespace, name: metadata.name, uid: metadata.uid }, reason: "Pulling", message: `Pulling image "${image}"`, type: "Normal", firstTimestamp: now, lastTimestamp: now }; // prettier-ignore
    await this.api("POST", `/api/v1/namespaces/${namespace}/events`, event);
  }

  private async tendInferenceServices(namespace: string): Promise<void> {
    const root = `/apis/serving.kserve.io/v1beta1/namespaces/${namespace}/inferenceservices`;
    const { items } = (await this.api("GET", root)) as { items: { metadata: { name: string; generation: number }; status?: { observedGeneration?: number } }[] }; // prettier-ignore
    for (const { metadata, status } of items) {
      if (status?.observedGeneration === metadata.generation) continue;
      const ready = { observedGeneration: metadata.generation, url: `http://${metadata.name}.shop.example`, conditions: [{ type: "Ready", status: "True" }] }; // prettier-ignore
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
    return { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes are available: 3 Insufficient memory." }] }; // prettier-ignore
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
    return { phase: "Running", containerStatuses: [{ ...base, restartCount, state: { waiting: { reason: restartCount < 2 ? "ContainerCreating" : "CrashLoopBackOff" } }, lastState: { terminated } }] }; // prettier-ignore
  }
  if (status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True")) return undefined;
  const since = new Date().toISOString();
  return { phase: "Running", conditions: [{ type: "Ready", status: "True", lastTransitionTime: since }], containerStatuses: [{ ...base, ready: true, started: true, state: { running: { startedAt: since } } }] }; // prettier-ignore
}
