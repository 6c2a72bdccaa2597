/** What runs a service's pods: a Deployment, or KServe's InferenceService. The environment knows no more of either. */
import type { ClusterObject, Kind } from "./cluster.js";
import { annotationsOf, labelsOf, manifests, mostReplicas, podSpec, type ServiceManifest } from "./manifests.js";
import type { V1Deployment, V1DeploymentCondition } from "./wire-objects.js";

export interface RolloutState {
  ready: number;
  wanted: number;
  /** All are of the wanted version and ready, and none other is left. */
  done: boolean;
  /** What the controller says that it can't do; "" where nothing. */
  failure: string;
  /** Where it is asked from outside, where the cluster knows; "" else. */
  uri: string;
}

export interface Workload {
  readonly kind: Kind;
  /** In the order in which they are made; the keys' Secret is made before them. */
  manifests(service: ServiceManifest): [Kind, ClusterObject][];
  /** All kinds that a service may have, in the order in which they are removed. */
  readonly kinds: readonly Kind[];
  /** Label selector of its pods. */
  pods(name: string): string;
  image(object: ClusterObject): string;
  /** Merge patch. */
  imageChange(object: ClusterObject, image: string): object;
  replicas(object: ClusterObject): number;
  /** Merge patches for the workload, and, where it has one of its own, its autoscaler. */
  replicasChange(replicas: number, most: number): { workload: object; autoscaler: object | undefined };
  state(object: ClusterObject): RolloutState;
}

export const deploymentWorkload: Workload = {
  kind: "Deployment",
  kinds: ["HorizontalPodAutoscaler", "Deployment", "PodDisruptionBudget", "NetworkPolicy", "Service", "Secret"],
  manifests,
  pods: (name) =>
    Object.entries(labelsOf(name))
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
  image: (object) => (object as V1Deployment).spec?.template.spec?.containers[0]?.image ?? "",
  imageChange(object, image) {
    const [container] = (object as V1Deployment).spec?.template.spec?.containers ?? [];
    return { spec: { template: { spec: { containers: [{ ...container, image }] } } } };
  },
  replicas: (object) => (object as V1Deployment).spec?.replicas ?? 1,
  replicasChange: (replicas, most) => ({
    workload: { spec: { replicas } },
    // An autoscaler lets a Deployment with 0 replicas be.
    autoscaler: replicas === 0 ? undefined : { spec: { minReplicas: replicas, maxReplicas: most } },
  }),
  state(object) {
    const { metadata, spec, status } = object as V1Deployment;
    const {
      observedGeneration = 0,
      replicas = 0,
      updatedReplicas = 0,
      availableReplicas = 0,
      conditions = [],
    } = status ?? {};
    const wanted = spec?.replicas ?? 1;
    const seen = observedGeneration >= (metadata?.generation ?? 0);
    const done =
      seen && updatedReplicas >= wanted && replicas <= updatedReplicas && availableReplicas >= updatedReplicas;
    return {
      ready: seen ? Math.min(availableReplicas, updatedReplicas) : 0,
      wanted,
      done,
      failure: seen ? failureOf(conditions) : "",
      uri: "",
    };
  },
};

function failureOf(conditions: readonly V1DeploymentCondition[]): string {
  const failed = conditions.find(({ type, status }) => type === "ReplicaFailure" && status === "True");
  return failed?.message ?? "";
}

interface InferenceService extends ClusterObject {
  spec?: { predictor?: { minReplicas?: number; maxReplicas?: number; containers?: { image?: string }[] } };
  status?: {
    url?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    observedGeneration?: number;
  };
}

/** KServe makes Service, autoscaler and route itself; and asks the service by its own protocol, which it speaks. */
export const kserveWorkload: Workload = {
  kind: "InferenceService",
  kinds: ["InferenceService", "Secret"],
  manifests(service) {
    const { name, settings, options } = service;
    const object = {
      apiVersion: "serving.kserve.io/v1beta1",
      kind: "InferenceService",
      metadata: { name, labels: labelsOf(name), annotations: annotationsOf(service) },
      spec: {
        predictor: {
          minReplicas: settings.replicas,
          maxReplicas: mostReplicas(settings.replicas, options),
          scaleMetric: "cpu",
          scaleTarget: options.targetCpuPercent,
          ...podSpec(service, "kserve-container"),
        },
      },
    };
    return [["InferenceService", object]];
  },
  pods: (name) => `serving.kserve.io/inferenceservice=${name}`,
  image: (object) => (object as InferenceService).spec?.predictor?.containers?.[0]?.image ?? "",
  imageChange(object, image) {
    const [container] = (object as InferenceService).spec?.predictor?.containers ?? [];
    return { spec: { predictor: { containers: [{ ...container, image }] } } };
  },
  replicas: (object) => (object as InferenceService).spec?.predictor?.minReplicas ?? 1,
  replicasChange: (replicas, most) => ({
    workload: { spec: { predictor: { minReplicas: replicas, maxReplicas: Math.max(1, most) } } },
    autoscaler: undefined,
  }),
  state(object) {
    const { metadata, spec, status } = object as InferenceService;
    const wanted = spec?.predictor?.minReplicas ?? 1;
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    const seen = (status?.observedGeneration ?? metadata?.generation ?? 0) >= (metadata?.generation ?? 0);
    const done = seen && ready?.status === "True";
    return { ready: done ? wanted : 0, wanted, done, failure: "", uri: status?.url ?? "" };
  },
};
