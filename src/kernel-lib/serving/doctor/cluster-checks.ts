/** What this user may do in a cluster: the cluster itself is asked, by its own reviews of access. */
import { Cluster, resourceOf, type Kind } from "../kubernetes/cluster.js";
import { clusterFailure, isNotFound } from "../kubernetes/cluster-error.js";
import type { CheckedPlace } from "../kubernetes/kubernetes-options.js";
import { check, reasonOf, right, type Check } from "./check.js";

const TOPIC = "cluster";

/** What a deployment does, and with what. */
const NEEDED: readonly (readonly [Kind, readonly string[]])[] = [
  ["Deployment", ["get", "list", "create", "patch", "delete"]],
  ["Service", ["create", "delete"]],
  ["Secret", ["get", "create", "patch", "delete"]],
  ["HorizontalPodAutoscaler", ["create", "patch", "delete"]],
  ["PodDisruptionBudget", ["create", "delete"]],
  ["NetworkPolicy", ["create", "delete"]],
  ["Pod", ["list"]],
];

/** What some of it does not go without. */
const WANTED: readonly (readonly [Kind, string, string | undefined, string])[] = [
  ["Event", "list", undefined, "deploy() tells no events"],
  ["Service", "get", undefined, "a load balancer's address is not told"],
  ["Pod", "get", "log", "logs() reads none, and a crash is told without its last words"],
  ["Pod", "create", "portforward", "scoreImage() does not reach a service from here"],
  ["Pod", "patch", undefined, "a rotated key counts only after a minute or so"],
  ["Job", "create", undefined, "scoreFolder() can't make its Job"],
];

export async function clusterChecks(place: CheckedPlace, required: boolean): Promise<Check[]> {
  let cluster: Cluster;
  try {
    cluster = await Cluster.open(place);
  } catch (error) {
    return [
      check(
        TOPIC,
        "kubeconfig",
        required ? "wrong" : "absent",
        reasonOf(error),
        'For environment "kubernetes": a kubeconfig from whoever runs the cluster, as ~/.kube/config or in $KUBECONFIG',
      ),
    ];
  }
  const context = right(
    TOPIC,
    "kubeconfig",
    `context ${cluster.context}, namespace ${cluster.namespace}, ${cluster.server}`,
  );
  try {
    const version = right(TOPIC, "API server", await cluster.version());
    return [context, version, ...(await permissions(cluster)), await kserve(cluster)];
  } catch (error) {
    const reason = reasonOf(clusterFailure("the cluster", "The look", error));
    return [
      context,
      check(
        TOPIC,
        "API server",
        required ? "wrong" : "warning",
        reason,
        "Is the cluster running, the network or VPN up, and are you logged in?",
      ),
    ];
  }
}

async function permissions(cluster: Cluster): Promise<Check[]> {
  const needed = NEEDED.flatMap(([kind, verbs]) => verbs.map((verb) => ({ kind, verb })));
  const refused = await Promise.all(needed.map(async (one) => ((await cluster.may(one.verb, one.kind)) ? [] : [one])));
  const missing = refused.flat();
  const lost = await Promise.all(
    WANTED.map(async ([kind, verb, sub, loss]) => ((await cluster.may(verb, kind, sub)) ? [] : [loss])),
  );
  const losses = lost.flat();
  const name = "permissions";
  if (missing.length > 0) {
    const said = missing.map(({ kind, verb }) => `${verb} ${fullName(kind)}`).join(", ");
    return [
      check(
        TOPIC,
        name,
        "wrong",
        `not allowed in ${cluster.namespace}: ${said}`,
        `Have whoever runs the cluster allow it, or name another namespace; kubectl auth can-i --list --namespace ${cluster.namespace}`,
      ),
    ];
  }
  if (losses.length > 0)
    return [
      check(
        TOPIC,
        name,
        "warning",
        `enough to deploy, but ${losses.join("; ")}`,
        "Have whoever runs the cluster allow it, where you need it",
      ),
    ];
  return [right(TOPIC, name, `all that a deployment and a batch need in ${cluster.namespace}`)];
}

function fullName(kind: Kind): string {
  const { group, resource } = resourceOf(kind);
  return group === "" ? resource : `${resource}.${group}`;
}

async function kserve(cluster: Cluster): Promise<Check> {
  try {
    await cluster.list("InferenceService");
    return right(TOPIC, "KServe", "installed");
  } catch (error) {
    const found = isNotFound(error) ? "not installed" : reasonOf(error);
    return check(TOPIC, "KServe", "absent", found, 'Only for kubernetes: { workload: "kserve" }');
  }
}
