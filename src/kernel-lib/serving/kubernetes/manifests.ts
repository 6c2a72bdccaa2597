/** The objects that a service is in a cluster. Their names are the service's own, their labels tell whose they are. */
import { CONTAINER_PORT, SECRET_FOLDER } from "../container/image-document.js";
import { CONTAINER_USER } from "../docker/dockerfile.js";
import type { KeysDocument } from "../keys/service-keys.js";
import type { ServiceSettings } from "../service-settings.js";
import type { ClusterObject, Kind } from "./cluster.js";
import type { CheckedKubernetes, Resources } from "./kubernetes-options.js";
import type {
  V1Container,
  V1Deployment,
  V1PodDisruptionBudget,
  V1PodSpec,
  V1Secret,
  V1Service,
  V2HorizontalPodAutoscaler,
  V1NetworkPolicy,
} from "./wire-objects.js";

export const MANAGED_BY = "app.kubernetes.io/managed-by=vitrine";

/** What `Deployment.open` must know of a service that another machine has deployed. */
export const ANNOTATIONS = {
  version: "vitrine/version",
  /** `[{ version, image }]`, the latest last. */
  previous: "vitrine/previous",
  labels: "vitrine/labels",
  settings: "vitrine/settings",
  /** An `ImageSource`. */
  source: "vitrine/image-source",
  /** How many replicas a stopped service comes back with. */
  replicas: "vitrine/replicas",
} as const;

/** Where images of a service are pushed, and what they are built on. */
export interface ImageSource {
  registry?: string | undefined;
  baseImage?: string | undefined;
}

export interface ServiceManifest {
  name: string;
  image: string;
  version: number;
  /** Of the model. */
  labels: readonly string[];
  settings: ServiceSettings;
  options: CheckedKubernetes;
  /** Seconds until a rollout counts as failed. */
  deadline: number;
}

export const labelsOf = (name: string): Record<string, string> => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/managed-by": "vitrine",
});

export const secretName = (name: string): string => `${name}-keys`;

/** In the order in which they are made. */
export function manifests(service: ServiceManifest): [Kind, ClusterObject][] {
  return [
    ["Service", serviceManifest(service)],
    ["NetworkPolicy", networkPolicy(service)],
    ["PodDisruptionBudget", disruptionBudget(service)],
    ["Deployment", deployment(service)],
    ["HorizontalPodAutoscaler", autoscaler(service)],
  ];
}

export function annotationsOf({ version, labels, settings, options }: ServiceManifest): Record<string, string> {
  const { registry, baseImage } = options;
  const source: ImageSource = { registry, baseImage };
  return {
    [ANNOTATIONS.version]: String(version),
    [ANNOTATIONS.previous]: "[]",
    [ANNOTATIONS.labels]: JSON.stringify(labels),
    [ANNOTATIONS.settings]: JSON.stringify(settings),
    [ANNOTATIONS.source]: JSON.stringify(source),
    [ANNOTATIONS.replicas]: String(settings.replicas),
  };
}

/** Hashes for the clients' keys; the owner's own key for whoever may read the namespace's secrets. */
export function secret(name: string, keys: KeysDocument, owner: string): V1Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: secretName(name), labels: labelsOf(name) },
    type: "Opaque",
    data: { "keys.json": base64(JSON.stringify(keys)), owner: base64(owner) },
  };
}

export const base64 = (text: string): string => Buffer.from(text).toString("base64");

function deployment(service: ServiceManifest): V1Deployment {
  const { name, settings, deadline } = service;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels: labelsOf(name), annotations: annotationsOf(service) },
    spec: {
      replicas: settings.replicas,
      revisionHistoryLimit: 5,
      progressDeadlineSeconds: deadline,
      selector: { matchLabels: labelsOf(name) },
      // A new one is ready before an old one goes: no request is lost.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: { metadata: { labels: labelsOf(name) }, spec: podSpec(service, "service") },
    },
  };
}

/** @param container its name: KServe wants its own */
export function podSpec(service: ServiceManifest, container: string): V1PodSpec {
  const { name, options, settings } = service;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // What it has is answered first.
    terminationGracePeriodSeconds: Math.ceil(settings.requestTimeout / 1000) + 10,
    securityContext: { ...NOBODY, fsGroup: CONTAINER_USER },
    ...(options.imagePullSecret !== undefined && { imagePullSecrets: [{ name: options.imagePullSecret }] }),
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: labelsOf(name) },
      },
    ],
    containers: [serviceContainer(service, container)],
    volumes: [
      { name: "keys", secret: { secretName: secretName(name), defaultMode: 0o440 } },
      { name: "temporary", emptyDir: {} },
    ],
  };
}

export const NOBODY = {
  runAsNonRoot: true,
  runAsUser: CONTAINER_USER,
  runAsGroup: CONTAINER_USER,
  seccompProfile: { type: "RuntimeDefault" },
};

export const CONFINED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

function serviceContainer({ image, options, settings }: ServiceManifest, name: string): V1Container {
  const threads = settings.threads ?? Math.max(1, Math.round(options.resources.cpuCores));
  const ask = (path: string) => ({ httpGet: { path, port: CONTAINER_PORT }, timeoutSeconds: 3 });
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: "http1", containerPort: CONTAINER_PORT, protocol: "TCP" }],
    // One replica a pod: the cluster counts, places and replaces them.
    env: [
      { name: "VITRINE_REPLICAS", value: "1" },
      { name: "VITRINE_THREADS", value: String(threads) },
    ],
    resources: resourcesOf(options.resources),
    // A model may take minutes to load, once, and a script as long as it is given; a service that hangs is found in half a minute.
    startupProbe: {
      ...ask("/v2/health/ready"),
      periodSeconds: 2,
      failureThreshold: Math.max(150, Math.ceil((settings.script?.initTimeout ?? 0) / 2000) + 30),
    },
    readinessProbe: { ...ask("/v2/health/ready"), periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...ask("/v2/health/live"), periodSeconds: 10, failureThreshold: 3 },
    // Until every node has heard that it is gone, it goes on answering.
    lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
    securityContext: CONFINED,
    volumeMounts: [
      { name: "keys", mountPath: SECRET_FOLDER, readOnly: true },
      { name: "temporary", mountPath: "/tmp" },
    ],
  };
}

/** Asked for and not exceeded: what is measured is what is there on a full node, too. */
export function resourcesOf({ cpuCores, memoryGb }: Resources): {
  requests: Record<string, string>;
  limits: Record<string, string>;
} {
  const amount = { cpu: `${Math.round(cpuCores * 1000)}m`, memory: `${Math.round(memoryGb * 1024)}Mi` };
  return { requests: amount, limits: amount };
}

function serviceManifest({ name, options }: ServiceManifest): V1Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, labels: labelsOf(name) },
    spec: {
      type: options.serviceType,
      selector: labelsOf(name),
      ports: [{ name: "http", port: 80, targetPort: CONTAINER_PORT, protocol: "TCP" }],
    },
  };
}

export const mostReplicas = (replicas: number, options: Pick<CheckedKubernetes, "maxReplicas">): number =>
  Math.max(replicas, options.maxReplicas ?? 2 * replicas);

function autoscaler({ name, settings, options }: ServiceManifest): V2HorizontalPodAutoscaler {
  const target = { type: "Utilization", averageUtilization: options.targetCpuPercent };
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name, labels: labelsOf(name) },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas: settings.replicas,
      maxReplicas: mostReplicas(settings.replicas, options),
      metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    },
  };
}

/** One at a time: a single replica does not keep a node from being emptied for ever. */
function disruptionBudget({ name }: ServiceManifest): V1PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, labels: labelsOf(name) },
    spec: { maxUnavailable: 1, selector: { matchLabels: labelsOf(name) } },
  };
}

/** In: the service's port alone. Out: nothing; a service fetches nothing. */
function networkPolicy({ name, options }: ServiceManifest): V1NetworkPolicy {
  const everybody = options.serviceType !== "ClusterIP" || options.allowFrom.includes("*");
  const others = options.allowFrom.map((namespace) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  }));
  const ports = [{ protocol: "TCP", port: CONTAINER_PORT }];
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, labels: labelsOf(name) },
    spec: {
      podSelector: { matchLabels: labelsOf(name) },
      policyTypes: ["Ingress", "Egress"],
      ingress: [everybody ? { ports } : { ports, from: [{ podSelector: {} }, ...others] }],
      egress: [],
    },
  };
}
