/** Where in which cluster, and how a service runs there. */
import { quote, VitrineError } from "../../structures/errors.js";
import { choiceOption, integerOption, knownOptions, numberOption, textOption } from "../../structures/options.js";

/** A cluster and a namespace; by default those of kubectl. */
export interface KubernetesPlace {
  /** Path of a kubeconfig; by default $KUBECONFIG, ~/.kube/config, or the service account of the pod that this runs in. */
  kubeconfig?: string;
  /** A context of the kubeconfig; the current one by default. */
  context?: string;
  /** A cluster by its name in the kubeconfig, in place of a context: the first context of it. */
  cluster?: string;
  /** The context's by default, else "default". */
  namespace?: string;
  /** "deployment": Deployment, Service, HorizontalPodAutoscaler and the rest; "kserve": an InferenceService, where KServe is installed. */
  workload?: "deployment" | "kserve";
}

export interface KubernetesOptions extends KubernetesPlace {
  /** An image that the cluster can pull, as `buildDockerImage` makes it; by default one is built and pushed to `registry`. */
  image?: string;
  /** Where images are pushed: "registry.example/team". */
  registry?: string;
  /** Of images that are built; name:tag@sha256:… */
  baseImage?: string;
  /** Name of a secret with which the cluster pulls. */
  imagePullSecret?: string;
  /** Pods at most, when they are busy; twice `replicas` by default. */
  maxReplicas?: number;
  /** Percent of the asked processor at which more pods are started; 70 by default. */
  targetCpuPercent?: number;
  /** "ClusterIP" by default: only within the cluster. */
  serviceType?: "ClusterIP" | "NodePort" | "LoadBalancer";
  /** Namespaces whose pods may ask the service, beside its own; "*" lets everybody in. A NodePort or LoadBalancer lets everybody in. */
  allowFrom?: readonly string[];
}

/** Of one replica. */
export interface Resources {
  /** Cores; 0.1 to 256. */
  cpuCores: number;
  /** Gigabytes of memory, of 2^30 bytes; 0.25 to 4096. */
  memoryGb: number;
}

export type CheckedPlace = Readonly<{ [K in keyof Required<KubernetesPlace>]: KubernetesPlace[K] | undefined }> & {
  workload: "deployment" | "kserve";
};

export interface CheckedKubernetes {
  place: CheckedPlace;
  image: string | undefined;
  registry: string | undefined;
  baseImage: string | undefined;
  imagePullSecret: string | undefined;
  maxReplicas: number | undefined;
  targetCpuPercent: number;
  serviceType: "ClusterIP" | "NodePort" | "LoadBalancer";
  allowFrom: readonly string[];
  resources: Resources;
}

const PLACE = ["kubeconfig", "context", "cluster", "namespace", "workload"];
const NAMES = [
  ...PLACE,
  "image",
  "registry",
  "baseImage",
  "imagePullSecret",
  "maxReplicas",
  "targetCpuPercent",
  "serviceType",
  "allowFrom",
];

const WORKLOADS = ["deployment", "kserve"] as const;
const SERVICE_TYPES = ["ClusterIP", "NodePort", "LoadBalancer"] as const;
const DEFAULT_RESOURCES: Resources = { cpuCores: 1, memoryGb: 2 };

/** @throws InvalidOption */
export function checkPlace(options: KubernetesPlace, known: readonly string[] = PLACE): CheckedPlace {
  knownOptions("kubernetes", options, known);
  const { kubeconfig, context, cluster, namespace, workload = "deployment" } = options;
  const text = (option: string, value: string | undefined) =>
    value === undefined ? undefined : textOption(`kubernetes.${option}`, value);
  if (context !== undefined && cluster !== undefined) {
    const details = { option: "kubernetes", expected: "either a context or a cluster", received: "both" };
    throw new VitrineError("InvalidOption", details);
  }
  return {
    kubeconfig: text("kubeconfig", kubeconfig),
    context: text("context", context),
    cluster: text("cluster", cluster),
    namespace: namespace === undefined ? undefined : checkNamespace(namespace),
    workload: choiceOption("kubernetes.workload", workload, WORKLOADS),
  };
}

/** @throws InvalidOption */
export function checkKubernetes(options: KubernetesOptions, resources: Resources | undefined): CheckedKubernetes {
  const place = checkPlace(options, NAMES);
  const {
    image,
    registry,
    baseImage,
    imagePullSecret,
    maxReplicas,
    targetCpuPercent = 70,
    serviceType = "ClusterIP",
    allowFrom = [],
  } = options;
  const text = (option: string, value: string | undefined) =>
    value === undefined ? undefined : textOption(`kubernetes.${option}`, value);
  return {
    place,
    image: text("image", image),
    registry: text("registry", registry)?.replace(/\/+$/, ""),
    baseImage: text("baseImage", baseImage),
    imagePullSecret: text("imagePullSecret", imagePullSecret),
    maxReplicas: maxReplicas === undefined ? undefined : integerOption("kubernetes.maxReplicas", maxReplicas, 1, 1000),
    targetCpuPercent: integerOption("kubernetes.targetCpuPercent", targetCpuPercent, 1, 100),
    serviceType: choiceOption("kubernetes.serviceType", serviceType, SERVICE_TYPES),
    allowFrom: allowFrom.map((name) => (name === "*" ? name : checkNamespace(name))),
    resources: checkResources(resources ?? DEFAULT_RESOURCES),
  };
}

function checkResources({ cpuCores, memoryGb, ...others }: Resources): Resources {
  knownOptions("resources", others, ["cpuCores", "memoryGb"]);
  return {
    cpuCores: numberOption("resources.cpuCores", cpuCores, 0.1, 256),
    memoryGb: numberOption("resources.memoryGb", memoryGb, 0.25, 4096),
  };
}

function checkNamespace(name: string): string {
  if (typeof name === "string" && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return name;
  const expected = "lower-case letters, digits and hyphens, as Kubernetes names namespaces,";
  throw new VitrineError("InvalidOption", { option: "namespace", expected, received: quote(name) });
}

/** A Service's name begins with a letter, whatever else's name may not. @throws InvalidOption */
export function checkServiceName(name: string): string {
  if (/^[a-z]/.test(name)) return name;
  const expected = "a name that begins with a letter, as Kubernetes names services,";
  throw new VitrineError("InvalidOption", { option: "name", expected, received: quote(name) });
}
