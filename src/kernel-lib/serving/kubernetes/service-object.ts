/**
 * What the cluster's own objects tell of a service: all that there is to know of one is in its workload's annotations, so that any machine
 * with the same kubeconfig finds it again.
 */
import { DEFAULT_SETTINGS, serviceSettings, type ServiceSettings } from "../service-settings.js";
import type { ServiceStatus } from "../service-status.js";
import type { Cluster, ClusterObject } from "./cluster.js";
import { ANNOTATIONS, type ImageSource } from "./manifests.js";
import { podStatus } from "./pods.js";
import type { Workload } from "./workload.js";
import type { V1Pod, V1Service } from "./wire-objects.js";

/** A version of the model, and the image that holds it. */
export interface ServedImage {
  version: number;
  image: string;
}

export const isOurs = (object: ClusterObject | undefined): boolean =>
  object?.metadata?.labels?.["app.kubernetes.io/managed-by"] === "vitrine";

const annotation = (object: ClusterObject, name: string, otherwise: string): string =>
  object.metadata?.annotations?.[name] ?? otherwise;

export const versionOf = (object: ClusterObject): number => Number(annotation(object, ANNOTATIONS.version, "1"));

/** The latest last. */
export const previousOf = (object: ClusterObject): ServedImage[] =>
  JSON.parse(annotation(object, ANNOTATIONS.previous, "[]")) as ServedImage[];

export const settingsOf = (object: ClusterObject): ServiceSettings =>
  serviceSettings.parse({
    ...DEFAULT_SETTINGS,
    ...(JSON.parse(annotation(object, ANNOTATIONS.settings, "{}")) as object),
  });

/** Where its images come from; {} where they are made elsewhere. */
export const sourceOf = (object: ClusterObject): ImageSource =>
  JSON.parse(annotation(object, ANNOTATIONS.source, "{}")) as ImageSource;

/** How many a stopped one comes back with. */
export const keptReplicas = (object: ClusterObject): number => Number(annotation(object, ANNOTATIONS.replicas, "1"));

export async function serviceStatus(
  cluster: Cluster,
  workload: Workload,
  object: ClusterObject,
): Promise<ServiceStatus> {
  const name = object.metadata?.name ?? "";
  const pods = (await cluster.list<V1Pod>("Pod", { labels: workload.pods(name) })).map(podStatus);
  const { ready, wanted, failure, uri } = workload.state(object);
  const { queueSize, tags, description, script } = settingsOf(object);
  const made = object.metadata?.creationTimestamp;
  return {
    name,
    environment: "kubernetes",
    state: wanted === 0 ? "stopped" : ready === 0 ? "starting" : ready < wanted ? "degraded" : "ready",
    uri: uri === "" ? await serviceAddress(cluster, name) : uri,
    tags,
    description,
    version: versionOf(object),
    previous: previousOf(object).map(({ version }) => version),
    labels: JSON.parse(annotation(object, ANNOTATIONS.labels, "[]")) as string[],
    script: script !== null,
    model: workload.image(object),
    replicas: [],
    pods,
    wanted,
    queue: { waiting: 0, capacity: queueSize },
    restarts: pods.reduce((sum, { restarts }) => sum + restarts, 0),
    lastFailure: failure,
    pid: 0,
    cpuSeconds: 0,
    memoryBytes: 0,
    seconds: made === undefined ? 0 : (Date.now() - new Date(made).getTime()) / 1000,
  };
}

/** The load balancer's, once it has one; else the one within the cluster. */
async function serviceAddress(cluster: Cluster, name: string): Promise<string> {
  // Whoever may not read it still has the name.
  const service = await cluster.read<V1Service>("Service", name).catch(() => undefined);
  const [ingress] = service?.status?.loadBalancer?.ingress ?? [];
  return `http://${ingress?.hostname ?? ingress?.ip ?? `${name}.${cluster.namespace}`}`;
}
