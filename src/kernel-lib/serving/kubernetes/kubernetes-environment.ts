/**
 * Services in a Kubernetes cluster. All that there is to know of one lies in the cluster, in its objects' annotations, so that any machine
 * with the same kubeconfig finds it again. Keys are there as hashes; the owner's own key is for whoever may read the namespace's secrets.
 */
import { VitrineError } from "../../structures/errors.js";
import type { DeploymentEnvironment, ServiceAddress, Watched } from "../deployment-environment.js";
import {
  keysDocument,
  keysDocumentOf,
  newKey,
  recordOf,
  type KeyName,
  type Keys,
  type KeysDocument,
} from "../keys/service-keys.js";
import type { DeployableModel } from "../model-versions.js";
import type { ServiceSettings } from "../service-settings.js";
import type { ServiceStatus } from "../service-status.js";
import { Cluster, type ClusterObject, type Kind } from "./cluster.js";
import { clusterFailure, isNotFound } from "./cluster-error.js";
import { checkServiceName, type CheckedKubernetes, type CheckedPlace } from "./kubernetes-options.js";
import {
  ANNOTATIONS,
  base64,
  MANAGED_BY,
  mostReplicas,
  secret,
  secretName,
  type ServiceManifest,
} from "./manifests.js";
import { forwardedPort } from "./port-forward.js";
import { rollout } from "./rollout.js";
import { serviceImage } from "./service-image.js";
import {
  isOurs,
  keptReplicas,
  previousOf,
  serviceStatus,
  settingsOf,
  sourceOf,
  versionOf,
  type ServedImage,
} from "./service-object.js";
import { deploymentWorkload, kserveWorkload, type Workload } from "./workload.js";
import type { V1Deployment, V1Pod, V1Secret } from "./wire-objects.js";

/** Versions that are kept to roll back to. */
const KEPT_VERSIONS = 5;
/** The longest that Kubernetes itself waits for a rollout by default. */
const DEFAULT_DEADLINE = 600_000;

export class KubernetesEnvironment implements DeploymentEnvironment {
  private readonly place: CheckedPlace;
  private readonly options: CheckedKubernetes | undefined;
  private readonly workload: Workload;
  private connected: Promise<Cluster> | undefined;

  /** @param options undefined where only what is there already is looked at */
  constructor(place: CheckedPlace, options?: CheckedKubernetes) {
    this.place = place;
    this.options = options;
    this.workload = place.workload === "kserve" ? kserveWorkload : deploymentWorkload;
  }

  deploy(name: string, model: DeployableModel, settings: ServiceSettings, watched: Watched): Promise<Keys> {
    return this.orders(checkServiceName(name), "The deployment", async (cluster) => {
      if (await cluster.read(this.workload.kind, name)) throw exists(name);
      const { options } = this;
      // A `Deployment` that was found deploys nothing.
      if (!options) throw new TypeError("a place alone deploys nothing");
      const image =
        watched.image ?? options.image ?? (await serviceImage({ name, model, settings, version: 1 }, options, watched));
      const keys: Keys = { primary: newKey(), secondary: newKey() };
      const service = this.manifest({ name, model, settings }, image, options, watched);
      const made: [Kind, string][] = [];
      try {
        const objects: [Kind, ClusterObject][] = [
          ["Secret", secret(name, keysDocumentOf(keys), newKey())],
          ...this.workload.manifests(service),
        ];
        for (const [kind, object] of objects) {
          await cluster.create(kind, object);
          made.push([kind, object.metadata?.name ?? name]);
          watched.progress(
            `${name}: ${kind} ${object.metadata?.name ?? name} made in ${cluster.namespace} of ${cluster.context}`,
          );
        }
        await rollout(cluster, this.workload, { name, image, operation: "The deployment" }, watched);
      } catch (error) {
        // Only what this deployment has made: what was there before is somebody else's.
        for (const [kind, object] of made.reverse()) await cluster.remove(kind, object).catch(() => false);
        throw error;
      }
      watched.progress(
        `${name}: ready; deployment.scoreImage() reaches it from here, and http://${name}.${cluster.namespace}/score from within the cluster`,
      );
      return keys;
    });
  }

  status(name: string): Promise<ServiceStatus> {
    return this.orders(name, "The look", async (cluster) => this.statusOf(cluster, await this.existing(cluster, name)));
  }

  exists(name: string): Promise<boolean> {
    return this.orders(name, "The look", async (cluster) => isOurs(await cluster.read(this.workload.kind, name)));
  }

  list(): Promise<ServiceStatus[]> {
    return this.orders("the services", "The list", async (cluster) => {
      const objects = await cluster
        .list<ClusterObject>(this.workload.kind, { labels: MANAGED_BY })
        .catch((error: unknown) => {
          // Without KServe there are no services of it.
          if (isNotFound(error)) return [];
          throw error;
        });
      return Promise.all(objects.map((object) => this.statusOf(cluster, object)));
    });
  }

  address(name: string): Promise<ServiceAddress> {
    return this.orders(name, "The way", async (cluster) => {
      await this.existing(cluster, name);
      const { data } = (await cluster.read<V1Secret>("Secret", secretName(name))) ?? {};
      const key = Buffer.from(data?.["owner"] ?? "", "base64").toString();
      const port = await forwardedPort(cluster, name, this.workload.pods(name));
      return { uri: `http://127.0.0.1:${port}`, key, ca: undefined, keepAlive: false };
    });
  }

  logs(name: string, lines: number): Promise<string[]> {
    return this.orders(name, "The reading of the log", async (cluster) => {
      await this.existing(cluster, name);
      const pods = await cluster.list<V1Pod>("Pod", { labels: this.workload.pods(name) });
      const texts = await Promise.all(pods.map((pod) => cluster.logs(pod.metadata?.name ?? "", lines).catch(() => [])));
      // Each line begins with its time, where it is the service's own.
      return texts
        .flat()
        .sort((a, b) => timeIn(a).localeCompare(timeIn(b)))
        .slice(-lines);
    });
  }

  async start(name: string, watched: Watched): Promise<void> {
    await this.orders(name, "The start", async (cluster) => {
      const object = await this.existing(cluster, name);
      if (this.workload.replicas(object) > 0) return;
      await this.setReplicas(cluster, object, name, keptReplicas(object), watched);
    });
  }

  async stop(name: string): Promise<void> {
    await this.orders(name, "The stop", async (cluster) => {
      const object = await this.existing(cluster, name);
      const { workload } = this.workload.replicasChange(0, 1);
      await cluster.patch(this.workload.kind, object.metadata?.name ?? name, workload);
    });
  }

  async scale(name: string, replicas: number, watched: Watched): Promise<void> {
    await this.orders(name, "The scaling", async (cluster) => {
      const object = await this.existing(cluster, name);
      await this.setReplicas(cluster, object, name, replicas, watched);
    });
  }

  async update(name: string, model: DeployableModel, watched: Watched): Promise<void> {
    await this.orders(name, "The update", async (cluster) => {
      const object = await this.existing(cluster, name);
      const previous = previousOf(object);
      const current: ServedImage = { version: versionOf(object), image: this.workload.image(object) };
      const version = Math.max(current.version, ...previous.map((one) => one.version)) + 1;
      const content = { name, model, settings: settingsOf(object), version };
      const image = watched.image ?? (await serviceImage(content, this.options ?? sourceOf(object), watched));
      const annotations = { [ANNOTATIONS.labels]: JSON.stringify(model.labels) };
      await this.changeImage(cluster, object, { version, image }, [...previous, current], watched, annotations);
    });
  }

  async rollback(name: string, watched: Watched): Promise<void> {
    await this.orders(name, "The roll-back", async (cluster) => {
      const object = await this.existing(cluster, name);
      const previous = previousOf(object);
      const target = previous.at(-1);
      if (!target) {
        const reason = "there is no version before this one";
        throw new VitrineError("DeploymentFailed", {
          name,
          operation: "The roll-back",
          reason,
          waysOut: ["deployment.update(model)"],
        });
      }
      await this.changeImage(cluster, object, target, previous.slice(0, -1), watched);
    });
  }

  rotateKey(name: string, key: KeyName): Promise<string> {
    const made = newKey();
    return this.changeKeys(name, "The rotation of a key", { [key]: recordOf(made) }).then(() => made);
  }

  revokeKey(name: string, key: KeyName): Promise<void> {
    return this.changeKeys(name, "The revocation of a key", { [key]: null });
  }

  async delete(name: string): Promise<void> {
    await this.orders(name, "The deletion", async (cluster) => {
      await this.existing(cluster, name);
      for (const kind of this.workload.kinds) await cluster.remove(kind, kind === "Secret" ? secretName(name) : name);
    });
  }

  /** Whatever a cluster refuses, said in our words. */
  private async orders<T>(name: string, operation: string, work: (cluster: Cluster) => Promise<T>): Promise<T> {
    try {
      return await work(await (this.connected ??= Cluster.open(this.place)));
    } catch (error) {
      throw clusterFailure(name, operation, error);
    }
  }

  private manifest(
    { name, model, settings }: { name: string; model: DeployableModel; settings: ServiceSettings },
    image: string,
    options: CheckedKubernetes,
    { timeout }: Watched,
  ): ServiceManifest {
    // Kubernetes gives up when we do, and never before.
    const deadline = Math.max(60, Math.ceil(Math.max(timeout, DEFAULT_DEADLINE) / 1000));
    return { name, image, version: 1, labels: model.labels, settings, options, deadline };
  }

  /** Where the new one does not become ready, the old one is put back. */
  private async changeImage(
    cluster: Cluster,
    object: ClusterObject,
    { version, image }: ServedImage,
    previous: readonly ServedImage[],
    watched: Watched,
    annotations: Record<string, string> = {},
  ): Promise<void> {
    const name = object.metadata?.name ?? "";
    const told = {
      [ANNOTATIONS.version]: String(version),
      [ANNOTATIONS.previous]: JSON.stringify(previous.slice(-KEPT_VERSIONS)),
    };
    const before = object.metadata?.annotations ?? {};
    watched.progress(`${name}: version ${version}, ${image}; pods change over one by one…`);
    const change = {
      ...this.workload.imageChange(object, image),
      metadata: { annotations: { ...annotations, ...told } },
    };
    await cluster.patch(this.workload.kind, name, change);
    try {
      await rollout(cluster, this.workload, { name, image, operation: "The update" }, watched);
    } catch (error) {
      const back = {
        ...this.workload.imageChange(object, this.workload.image(object)),
        metadata: { annotations: before },
      };
      await cluster.patch(this.workload.kind, name, back);
      watched.progress(`${name}: version ${version} is taken back; the one before goes on`);
      throw error;
    }
    watched.progress(`${name}: version ${version} is served`);
  }

  private async setReplicas(
    cluster: Cluster,
    object: ClusterObject,
    name: string,
    replicas: number,
    watched: Watched,
  ): Promise<void> {
    const most = mostReplicas(replicas, { maxReplicas: this.options?.maxReplicas });
    const { workload, autoscaler } = this.workload.replicasChange(replicas, most);
    // The autoscaler first: it would take the replicas back.
    if (autoscaler) await cluster.patch("HorizontalPodAutoscaler", name, autoscaler).catch(ignoreMissing);
    await cluster.patch(this.workload.kind, name, {
      ...workload,
      metadata: { annotations: { [ANNOTATIONS.replicas]: String(replicas) } },
    });
    const image = this.workload.image(object);
    await rollout(cluster, this.workload, { name, image, operation: "The scaling" }, watched);
  }

  /** The nodes see the Secret's change within a minute or so; a change of the pods themselves makes them look at once. */
  private changeKeys(name: string, operation: string, change: Partial<KeysDocument>): Promise<void> {
    return this.orders(name, operation, async (cluster) => {
      await this.existing(cluster, name);
      const { data = {} } = (await cluster.read<V1Secret>("Secret", secretName(name))) ?? {};
      const current = keysDocument.parse(JSON.parse(Buffer.from(data["keys.json"] ?? "", "base64").toString()));
      await cluster.patch("Secret", secretName(name), {
        data: { "keys.json": base64(JSON.stringify({ ...current, ...change })) },
      });
      const pods = await cluster.list<V1Pod>("Pod", { labels: this.workload.pods(name) });
      const touched = { metadata: { annotations: { "vitrine/keys-changed": new Date().toISOString() } } };
      await Promise.all(
        pods.map((pod) => cluster.patch("Pod", pod.metadata?.name ?? "", touched).catch(() => undefined)),
      );
    });
  }

  private async existing(cluster: Cluster, name: string): Promise<ClusterObject> {
    const object = await cluster.read<V1Deployment>(this.workload.kind, name);
    if (object && isOurs(object)) return object;
    const others = await cluster.list<ClusterObject>(this.workload.kind, { labels: MANAGED_BY }).catch(() => []);
    throw new VitrineError("UnknownDeployment", { name, known: others.map(({ metadata }) => metadata?.name ?? "") });
  }

  private statusOf(cluster: Cluster, object: ClusterObject): Promise<ServiceStatus> {
    return serviceStatus(cluster, this.workload, object);
  }
}

const timeIn = (line: string): string => /"time":"([^"]+)"/.exec(line)?.[1] ?? "";

function ignoreMissing(error: unknown): undefined {
  if (isNotFound(error)) return undefined;
  throw error;
}

function exists(name: string): VitrineError {
  const waysOut = [
    "deployment.update(model) to serve another model under the same address",
    `Deployment.deleteIfExists(${JSON.stringify(name)}, …)`,
    "Another name",
  ];
  return new VitrineError("DeploymentFailed", {
    name,
    operation: "The deployment",
    reason: "there is one of that name",
    waysOut,
    kind: "exists",
  });
}
