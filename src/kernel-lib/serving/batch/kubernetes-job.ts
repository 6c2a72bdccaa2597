/**
 * A batch as an indexed Job: a pod a shard, which says at its end what it has done. A pod whose node dies is made again by the cluster;
 * each index counts once.
 */
import { setTimeout as wait } from "node:timers/promises";

import { isVitrineError, VitrineError } from "../../structures/errors.js";
import { LIBRARY } from "../docker/production-lock.js";
import { CONTAINER_USER } from "../docker/dockerfile.js";
import { Cluster } from "../kubernetes/cluster.js";
import { clusterFailure } from "../kubernetes/cluster-error.js";
import { CONFINED, NOBODY, resourcesOf } from "../kubernetes/manifests.js";
import { EventTail, podFailure } from "../kubernetes/pods.js";
import type { CheckedBatch } from "./batch-options.js";
import { MAX_ATTEMPTS } from "./shard-worker.js";
import type { ShardSummary } from "./shard-results.js";
import type { V1Job, V1Pod } from "../kubernetes/wire-objects.js";
import { workerArguments } from "./worker-command.js";
import { stoppedBatch } from "./worker-run.js";

const INTERVAL = 1000;
const VOLUME = "/mnt/batch";
/** Seconds that an ended Job is kept, for its logs. */
const KEPT = 86_400;

export async function runKubernetesJob(
  batch: CheckedBatch,
  progress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<{ summaries: ShardSummary[]; lostWorkers: number }> {
  const { name, kubernetes } = batch;
  if (!kubernetes) throw new Error("a batch in a cluster without a cluster");
  try {
    const cluster = await Cluster.open(kubernetes.place);
    await cluster.create("Job", jobManifest(batch));
    progress(
      `${name}: Job made in ${cluster.namespace} of ${cluster.context}, ${batch.shards} shards by ${batch.workers} pods at a time`,
    );
    try {
      return await watchJob(cluster, batch, progress, signal);
    } catch (error) {
      // A stopped or failing one would go on costing.
      await cluster.remove("Job", name).catch(() => false);
      throw error;
    }
  } catch (error) {
    throw isVitrineError(error) ? error : clusterFailure(name, "The batch", error);
  }
}

async function watchJob(
  cluster: Cluster,
  { name, shards }: CheckedBatch,
  progress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<{ summaries: ShardSummary[]; lostWorkers: number }> {
  const summaries = new Map<number, ShardSummary>();
  const events = new EventTail(name);
  let said = "";
  for (;;) {
    const job = await cluster.read<V1Job>("Job", name);
    if (!job) throw failed(name, "it is gone: somebody has deleted it");
    for (const line of await events.next(cluster)) progress(`${name}: ${line}`);
    const pods = await cluster.list<V1Pod>("Pod", { labels: `job-name=${name}` });
    for (const summary of pods.flatMap(summaryOf)) summaries.set(summary.shard, summary);
    const { succeeded = 0, failed: lost = 0, failedIndexes, conditions = [] } = job.status ?? {};
    const line = `${name}: ${succeeded} of ${shards} shards`;
    if (line !== said) progress((said = line));
    const is = (type: string) => conditions.find((one) => one.type === type && one.status === "True");
    if (is("Complete"))
      return { summaries: [...summaries.values()].sort((a, b) => a.shard - b.shard), lostWorkers: lost };
    const failure = is("Failed");
    if (failure) throw failed(name, `the shards ${failedIndexes ?? "…"} could not be done: ${failure.message ?? ""}`);
    const hopeless = await podFailure(cluster, pods);
    if (hopeless?.kind === "image-pull")
      throw new VitrineError("DeploymentFailed", { name, operation: "The batch", ...hopeless });
    if (signal?.aborted === true) throw stoppedBatch(succeeded, shards);
    await wait(INTERVAL);
  }
}

/** What a pod has said at its end. */
function summaryOf(pod: V1Pod): ShardSummary[] {
  const message = pod.status?.containerStatuses?.[0]?.state?.terminated?.message;
  if (pod.status?.phase !== "Succeeded" || message === undefined) return [];
  try {
    return [JSON.parse(message) as ShardSummary];
  } catch {
    return [];
  }
}

const failed = (name: string, reason: string): VitrineError =>
  new VitrineError("DeploymentFailed", {
    name,
    operation: "The batch",
    reason,
    waysOut: [`kubectl logs job/${name}`, "The same call goes on where it was"],
  });

/** Other words than a service's: one of the same name would send requests to these pods. */
const batchLabels = (name: string): Record<string, string> => ({
  "app.kubernetes.io/name": "vitrine-batch",
  "app.kubernetes.io/instance": name,
  "app.kubernetes.io/component": "batch",
  "app.kubernetes.io/managed-by": "vitrine",
});

export function jobManifest({ name, input, output, shards, workers, leaseSeconds, kubernetes }: CheckedBatch): V1Job {
  if (!kubernetes) throw new Error("a batch in a cluster without a cluster");
  const within = (path: string) => `${VOLUME}/${path.replace(/^\/+/, "")}`;
  const args = workerArguments({ input: within(input), output: within(output), shards, lease: leaseSeconds });
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, labels: batchLabels(name) },
    spec: {
      completionMode: "Indexed",
      completions: shards,
      parallelism: Math.min(workers, shards),
      backoffLimitPerIndex: MAX_ATTEMPTS,
      // A node that is emptied is nobody's fault.
      podFailurePolicy: {
        rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
      },
      ttlSecondsAfterFinished: KEPT,
      template: {
        metadata: { labels: batchLabels(name) },
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: { ...NOBODY, fsGroup: CONTAINER_USER, fsGroupChangePolicy: "OnRootMismatch" },
          ...(kubernetes.imagePullSecret !== undefined && { imagePullSecrets: [{ name: kubernetes.imagePullSecret }] }),
          containers: [
            {
              name: "worker",
              image: kubernetes.image,
              command: ["node", `/srv/vitrine/${LIBRARY}/dist/serving/batch/main.js`],
              args,
              resources: resourcesOf(kubernetes.resources),
              securityContext: CONFINED,
              volumeMounts: [
                { name: "batch", mountPath: VOLUME },
                { name: "temporary", mountPath: "/tmp" },
              ],
            },
          ],
          volumes: [
            { name: "batch", persistentVolumeClaim: { claimName: kubernetes.claim } },
            { name: "temporary", emptyDir: {} },
          ],
        },
      },
    },
  };
}
