/** Waits until a service's pods are as they are wanted, telling what the cluster tells, or says why they can't be. */
import { setTimeout as wait } from "node:timers/promises";

import { VitrineError } from "../../structures/errors.js";
import type { Watched } from "../deployment-environment.js";
import type { Cluster, ClusterObject } from "./cluster.js";
import { quotaSentence } from "./cluster-error.js";
import { EventTail, lastWords, podFailure, podStatus, unschedulable, type PodFailure } from "./pods.js";
import type { RolloutState, Workload } from "./workload.js";
import type { V1Pod } from "./wire-objects.js";

const INTERVAL = 500;

/**
 * @param image only pods that run it can fail the rollout: others are on their way out
 * @throws DeploymentFailed, Stopped
 */
export async function rollout(
  cluster: Cluster,
  workload: Workload,
  { name, image, operation }: { name: string; image: string; operation: string },
  { progress, signal, timeout }: Watched,
): Promise<void> {
  const started = Date.now();
  const events = new EventTail(name, started);
  let said = "";
  for (;;) {
    const object = await cluster.read<ClusterObject>(workload.kind, name);
    if (!object)
      throw failed(name, operation, { kind: "rejected", reason: "it is gone: somebody has deleted it", waysOut: [] });
    const state = workload.state(object);
    for (const line of await events.next(cluster)) progress(`${name}: ${line}`);
    const line = `${name}: ${state.ready} of ${state.wanted} replicas ready`;
    if (line !== said) progress((said = line));
    if (state.done) return;
    const pods = (await cluster.list<V1Pod>("Pod", { labels: workload.pods(name) })).filter((pod) => runs(pod, image));
    const failure = (await podFailure(cluster, pods)) ?? refused(state);
    if (failure) throw failed(name, operation, failure);
    if (Date.now() - started > timeout) throw failed(name, operation, await tooLate(cluster, timeout, pods));
    if (signal?.aborted === true)
      throw new VitrineError("Stopped", { operation, kept: "the cluster is left as it was before" });
    await wait(INTERVAL);
  }
}

const runs = (pod: V1Pod, image: string): boolean => pod.spec?.containers.some((one) => one.image === image) ?? false;

/** The pods can't even be made. */
function refused({ failure }: RolloutState): PodFailure | undefined {
  if (failure === "") return undefined;
  if (failure.includes("exceeded quota")) return { ...quotaSentence(failure), waysOut: quotaSentence(failure).waysOut };
  return {
    kind: "forbidden",
    reason: `the cluster makes no pods: ${failure}`,
    waysOut: ["Read what it says above: a policy or a limit of the namespace"],
  };
}

async function tooLate(cluster: Cluster, timeout: number, pods: readonly V1Pod[]): Promise<PodFailure> {
  const noRoom = unschedulable(pods);
  if (noRoom !== "")
    return {
      kind: "unschedulable",
      reason: `no node has room for it: ${noRoom}`,
      waysOut: ["Smaller resources: { cpuCores, memoryGb }", "Fewer replicas", "More nodes"],
    };
  const late = pods.find((pod) => !podStatus(pod).ready)?.metadata?.name;
  const said = late === undefined ? "" : `; of ${late}, ${await lastWords(cluster, late)}`;
  return {
    kind: "timeout",
    reason: `not ready within ${timeout / 1000} s${said}`,
    waysOut: ["A longer timeout: deploy({ timeout })"],
  };
}

const failed = (name: string, operation: string, { kind, reason, waysOut }: PodFailure): VitrineError =>
  new VitrineError("DeploymentFailed", { name, operation, reason, waysOut, kind });
