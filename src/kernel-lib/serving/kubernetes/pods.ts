/** What the pods of a service say of themselves. */
import type { DeploymentFailureKind } from "../../structures/errors.js";
import type { PodStatus } from "../service-status.js";
import type { Cluster } from "./cluster.js";
import type { CoreV1Event, V1ContainerStatus, V1Pod } from "./wire-objects.js";

/** Why a rollout can't come to its end. */
export interface PodFailure {
  kind: DeploymentFailureKind;
  reason: string;
  waysOut: readonly string[];
}

const IMAGE_REASONS = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "RegistryUnavailable",
]);

/** How a service's process begins its last one, where it could not start. */
const LAST_LINE = "vitrine: ";

/** Lines of a container's log in a sentence about its end. */
const LOG_LINES = 10;

export function podStatus(pod: V1Pod): PodStatus {
  const container = pod.status?.containerStatuses?.[0];
  const started = pod.metadata?.creationTimestamp;
  return {
    name: pod.metadata?.name ?? "",
    phase: pod.metadata?.deletionTimestamp
      ? "Terminating"
      : (container?.state?.waiting?.reason ?? pod.status?.phase ?? "Unknown"),
    ready: isReady(pod),
    restarts: container?.restartCount ?? 0,
    node: pod.spec?.nodeName ?? "",
    seconds: started === undefined ? 0 : (Date.now() - new Date(started).getTime()) / 1000,
  };
}

const isReady = (pod: V1Pod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;

/** The first pod that can't become ready, with what its container said last; of these pods only. */
export async function podFailure(cluster: Cluster, pods: readonly V1Pod[]): Promise<PodFailure | undefined> {
  for (const pod of pods.filter(({ metadata }) => !metadata?.deletionTimestamp)) {
    for (const container of pod.status?.containerStatuses ?? []) {
      const waiting = container.state?.waiting;
      if (IMAGE_REASONS.has(waiting?.reason ?? "")) return imageFailure(container, waiting?.message);
      if (crashes(container)) return await crashFailure(cluster, pod.metadata?.name ?? "", container);
    }
  }
  return undefined;
}

/** Twice is no accident. */
const crashes = ({ state, restartCount }: V1ContainerStatus): boolean =>
  state?.waiting?.reason === "CrashLoopBackOff" || (restartCount >= 2 && state?.running === undefined);

function imageFailure(container: V1ContainerStatus, message = ""): PodFailure {
  const reason = `the image ${container.image} can't be pulled: ${message === "" ? "no reason was given" : message}`;
  const waysOut = [
    `Is it there? docker pull ${container.image}`,
    "kubernetes: { imagePullSecret }, where the registry asks for a login",
    "docker push, where it was built on this machine alone",
  ];
  return { kind: "image-pull", reason, waysOut };
}

async function crashFailure(cluster: Cluster, pod: string, container: V1ContainerStatus): Promise<PodFailure> {
  const ended = container.lastState?.terminated ?? container.state?.terminated;
  const how =
    ended?.reason === "OOMKilled"
      ? "was ended for its memory (OOMKilled)"
      : `ended with ${ended?.exitCode ?? "an unknown code"}`;
  const said = await lastWords(cluster, pod);
  const waysOut =
    ended?.reason === "OOMKilled"
      ? ["More memory: resources: { cpuCores, memoryGb }"]
      : ["Run the image on this machine first: docker run", "An image of the processor that the nodes have"];
  return { kind: "crash-loop", reason: `the container of ${pod} ${how}, again and again; ${said}`, waysOut };
}

/** The end of its log, of the container that ended before this one where one has. */
export async function lastWords(cluster: Cluster, pod: string): Promise<string> {
  const lines = await cluster.logs(pod, LOG_LINES, true).catch(() => cluster.logs(pod, LOG_LINES).catch(() => []));
  if (lines.length === 0) return "its log could not be read";
  const said = lines.findLast((line) => line.startsWith(LAST_LINE))?.slice(LAST_LINE.length);
  const end = `its log ends with:\n${lines.join("\n")}`;
  return said === undefined ? end : `it said: ${said}; ${end}`;
}

/** Why the cluster has no place for a pod; "" where it has. */
export function unschedulable(pods: readonly V1Pod[]): string {
  const conditions = pods.flatMap(({ status }) => status?.conditions ?? []);
  return (
    conditions.find(
      ({ type, status, reason }) => type === "PodScheduled" && status === "False" && reason === "Unschedulable",
    )?.message ?? ""
  );
}

/** Each event once, in its order of time, of objects whose names begin with the service's. */
export class EventTail {
  private readonly seen = new Set<string>();
  private readonly name: string;
  private readonly since: number;

  constructor(name: string, since = Date.now()) {
    this.name = name;
    // Clocks differ by seconds.
    this.since = since - 10_000;
  }

  async next(cluster: Cluster): Promise<string[]> {
    // Whoever may not read events still deploys.
    const events = await cluster.list<CoreV1Event>("Event").catch(() => []);
    return events
      .filter((event) => this.isNew(event))
      .sort((a, b) => timeOf(a) - timeOf(b))
      .map(
        ({ involvedObject, reason = "", message = "" }) =>
          `${involvedObject.kind ?? ""} ${involvedObject.name ?? ""}: ${reason}: ${message}`,
      );
  }

  private isNew(event: CoreV1Event): boolean {
    const object = event.involvedObject.name ?? "";
    const ours = object === this.name || object.startsWith(`${this.name}-`);
    const id = `${event.metadata.uid ?? event.metadata.name ?? ""} ${event.reason ?? ""}`;
    if (!ours || timeOf(event) < this.since || this.seen.has(id)) return false;
    this.seen.add(id);
    return true;
  }
}

function timeOf({ lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  const time = lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
  return time === undefined ? 0 : new Date(time).getTime();
}
