/** How a service is, as it says itself. */

/** "stopped": its process is not there. "starting": no replica is ready yet. "degraded": fewer than are wanted. */
export type ServiceState = "stopped" | "starting" | "degraded" | "ready";

export interface ReplicaStatus {
  pid: number;
  /** "spare": ready, without work. */
  role: "active" | "spare" | "starting";
  /** Of the model. */
  version: number;
  /** Pictures that it has. */
  pictures: number;
  cpuSeconds: number;
  memoryBytes: number;
  /** Since it began. */
  seconds: number;
}

/** A pod of a cluster. */
export interface PodStatus {
  name: string;
  /** Kubernetes' word, or why its container waits. */
  phase: string;
  ready: boolean;
  restarts: number;
  /** "" while it has none. */
  node: string;
  /** Since it was made. */
  seconds: number;
}

export interface ServiceStatus {
  name: string;
  environment: string;
  state: ServiceState;
  /** Where pictures are sent; "" while it is stopped and its port is not known. */
  uri: string;
  /** Its owner's words about it. */
  tags?: Readonly<Record<string, string>>;
  description?: string;
  /** Of the model. */
  version: number;
  /** Versions to roll back to, the latest last. */
  previous: readonly number[];
  labels: readonly string[];
  /** An entry script gives its answers. */
  script?: boolean;
  /** What kind of model, in words. */
  model: string;
  replicas: readonly ReplicaStatus[];
  /** In a cluster, where a replica is a pod. */
  pods?: readonly PodStatus[];
  /** How many are wanted. */
  wanted: number;
  queue: { waiting: number; capacity: number };
  /** Replicas that ended without being told to, since the service began. */
  restarts: number;
  /** Why the last replica could not start; "" where it could. */
  lastFailure: string;
  pid: number;
  /** Of the service's own process, replicas not included. */
  cpuSeconds: number;
  memoryBytes: number;
  /** Since it began. */
  seconds: number;
}
