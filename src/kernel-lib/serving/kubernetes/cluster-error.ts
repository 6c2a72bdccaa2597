/** What a cluster refuses, in a sentence each: who may not do what to which, and what to do about it. */
import { VitrineError, type DeploymentFailureKind } from "../../structures/errors.js";

/** An answer that is not a success; its body is Kubernetes' own Status where it sent one. */
export class ClusterRefusal extends Error {
  readonly status: number;
  /** Kubernetes' word: NotFound, AlreadyExists, Conflict, Forbidden, Invalid … */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** No answer at all. */
export class ClusterUnreachable extends Error {
  readonly server: string;

  constructor(server: string, message: string) {
    super(message);
    this.server = server;
  }
}

export const isNotFound = (error: unknown): boolean => error instanceof ClusterRefusal && error.status === 404;

interface Sentence {
  kind: DeploymentFailureKind;
  reason: string;
  waysOut: readonly string[];
}

const DOCTOR = "npx vitrine doctor says what is right and what is not";

/** An error of a cluster as one of ours; any other as it is. */
export function clusterFailure(name: string, operation: string, error: unknown): unknown {
  const sentence = sentenceOf(error);
  if (!sentence) return error;
  return new VitrineError("DeploymentFailed", { name, operation, ...sentence }, { cause: error });
}

function sentenceOf(error: unknown): Sentence | undefined {
  if (error instanceof ClusterUnreachable) {
    const reason = `the cluster at ${error.server} can't be reached: ${error.message}`;
    return {
      kind: "unreachable",
      reason,
      waysOut: ["Is it running, and is the network or VPN up?", "Another context: kubernetes: { context }", DOCTOR],
    };
  }
  if (!(error instanceof ClusterRefusal)) return undefined;
  const { status, message } = error;
  if (status === 401) {
    const reason = `the cluster does not know who asks: ${message}`;
    return {
      kind: "unauthorized",
      reason,
      waysOut: ["Log in to the cluster again; its token or certificate may have expired", DOCTOR],
    };
  }
  if (status === 403 && message.includes("exceeded quota")) return quotaSentence(message);
  if (status === 403) return forbiddenSentence(message);
  if (status === 409 && error.reason === "AlreadyExists") {
    return {
      kind: "exists",
      reason: `there is one of that name: ${message}`,
      waysOut: ["Another name", "deleteIfExists"],
    };
  }
  const waysOut =
    status === 404 ? ["Is the namespace there? kubectl get namespaces", DOCTOR] : ["Read what it says above", DOCTOR];
  return { kind: "rejected", reason: `the cluster answered ${status}: ${message}`, waysOut };
}

/** `deployments.apps is forbidden: User "ann" cannot create resource "deployments" in API group "apps" in the namespace "shop"` */
function forbiddenSentence(message: string): Sentence {
  const found =
    /User "([^"]*)" cannot (\w+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)")?/.exec(
      message,
    );
  if (!found) return { kind: "forbidden", reason: `the cluster does not allow it: ${message}`, waysOut: [DOCTOR] };
  const [, user = "", verb = "", resource = "", group = "", namespace = ""] = found;
  const full = group === "" ? resource : `${resource}.${group}`;
  const where = namespace === "" ? "" : ` in the namespace ${namespace}`;
  const check = `kubectl auth can-i ${verb} ${full}${namespace === "" ? "" : ` --namespace ${namespace}`}`;
  const waysOut = [
    `Have whoever runs the cluster allow ${user} to ${verb} ${full}${where}; ${check} shows whether it is`,
    "Another namespace: kubernetes: { namespace }",
    DOCTOR,
  ];
  return { kind: "forbidden", reason: `${user} may not ${verb} ${full}${where}`, waysOut };
}

export function quotaSentence(message: string): Sentence {
  const exceeded = /exceeded quota: .*/.exec(message)?.[0] ?? message;
  const waysOut = [
    "Fewer replicas, or smaller resources: { cpuCores, memoryGb }",
    "A higher quota from whoever runs the cluster",
  ];
  return { kind: "quota", reason: `the namespace's quota does not allow it: ${exceeded}`, waysOut };
}
