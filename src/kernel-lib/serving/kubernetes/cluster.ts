/** A cluster's API, as far as it is used here: objects of a few kinds in one namespace, read, made, changed and removed. */
import { request as plain, type ClientRequest, type OutgoingHttpHeaders } from "node:http";
import { request as secure, type RequestOptions } from "node:https";

import type { KubeConfig } from "@kubernetes/client-node";

import { VitrineError } from "../../structures/errors.js";
import { ClusterRefusal, ClusterUnreachable, isNotFound } from "./cluster-error.js";
import type { CheckedPlace } from "./kubernetes-options.js";

/** Where each kind lies. */
const PATHS = {
  Deployment: ["apis/apps/v1", "deployments"],
  ReplicaSet: ["apis/apps/v1", "replicasets"],
  Pod: ["api/v1", "pods"],
  Service: ["api/v1", "services"],
  Secret: ["api/v1", "secrets"],
  Event: ["api/v1", "events"],
  HorizontalPodAutoscaler: ["apis/autoscaling/v2", "horizontalpodautoscalers"],
  PodDisruptionBudget: ["apis/policy/v1", "poddisruptionbudgets"],
  NetworkPolicy: ["apis/networking.k8s.io/v1", "networkpolicies"],
  Job: ["apis/batch/v1", "jobs"],
  InferenceService: ["apis/serving.kserve.io/v1beta1", "inferenceservices"],
} as const;

export type Kind = keyof typeof PATHS;
/** Group, without its version, and plural. */
export const resourceOf = (kind: Kind): { group: string; resource: string } => {
  const [root, resource] = PATHS[kind];
  return { group: root === "api/v1" ? "" : (root.split("/")[1] ?? ""), resource };
};

export interface ClusterObject {
  apiVersion?: string;
  kind?: string;
  metadata?: {
    name?: string;
    namespace?: string;
    uid?: string;
    generation?: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    creationTimestamp?: string;
    deletionTimestamp?: string;
  };
}

/** Milliseconds for an answer. */
const TIMEOUT = 30_000;
const MAX_ANSWER = 64 * 2 ** 20;

export class Cluster {
  readonly namespace: string;
  readonly context: string;
  readonly server: string;
  readonly config: KubeConfig;

  private constructor(config: KubeConfig, context: string, server: string, namespace: string) {
    this.config = config;
    this.context = context;
    this.server = server;
    this.namespace = namespace;
  }

  /** Nothing is asked of the cluster yet. @throws DeploymentFailed where no kubeconfig names one */
  static async open(place: CheckedPlace): Promise<Cluster> {
    // Loaded by those who have a cluster alone: it takes half a second.
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    try {
      if (place.kubeconfig === undefined) config.loadFromDefault();
      else config.loadFromFile(place.kubeconfig);
    } catch (cause) {
      throw noCluster(`the kubeconfig can't be read: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
    chooseContext(config, place);
    const server = config.getCurrentCluster()?.server;
    const context = config.getCurrentContext();
    // What the client makes up where it finds nothing.
    const invented = server === "http://localhost:8080" && context === "loaded-context";
    if (server === undefined || invented) throw noCluster("no kubeconfig names a cluster");
    const namespace = place.namespace ?? config.getContextObject(context)?.namespace ?? "default";
    return new Cluster(config, context, server, namespace);
  }

  create<T extends ClusterObject>(kind: Kind, object: T): Promise<T> {
    return this.send<T>("POST", this.path(kind), { body: object });
  }

  /** undefined where there is none. */
  async read<T extends ClusterObject>(kind: Kind, name: string): Promise<T | undefined> {
    try {
      return await this.send<T>("GET", this.path(kind, name));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async list<T extends ClusterObject>(kind: Kind, selector: { labels?: string; fields?: string } = {}): Promise<T[]> {
    const query = new URLSearchParams();
    if (selector.labels !== undefined) query.set("labelSelector", selector.labels);
    if (selector.fields !== undefined) query.set("fieldSelector", selector.fields);
    const { items = [] } = await this.send<{ items?: T[] }>("GET", `${this.path(kind)}?${query.toString()}`);
    return items;
  }

  /** By JSON merge patch. */
  patch<T extends ClusterObject>(kind: Kind, name: string, change: object): Promise<T> {
    return this.send<T>("PATCH", this.path(kind, name), { body: change, type: "application/merge-patch+json" });
  }

  /** Whether there was one. What belongs to it goes after it. */
  async remove(kind: Kind, name: string): Promise<boolean> {
    try {
      const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" };
      await this.send("DELETE", this.path(kind, name), { body });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  /** A pod's last lines; of the container that ended before this one where asked so. */
  async logs(pod: string, lines: number, previous = false): Promise<string[]> {
    const query = `?tailLines=${lines}${previous ? "&previous=true" : ""}`;
    const text = await this.text("GET", `${this.path("Pod", pod)}/log${query}`);
    return text.split("\n").filter((line) => line !== "");
  }

  /** Whether whoever asks may do this; the cluster itself says so. */
  async may(verb: string, kind: Kind, subresource?: string): Promise<boolean> {
    const { group, resource } = resourceOf(kind);
    const attributes = {
      namespace: this.namespace,
      verb,
      group,
      resource,
      ...(subresource !== undefined && { subresource }),
    };
    const body = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: attributes },
    };
    const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    const { status } = await this.send<{ status?: { allowed?: boolean } }>("POST", path, { body });
    return status?.allowed === true;
  }

  async version(): Promise<string> {
    return (await this.send<{ gitVersion?: string }>("GET", "/version")).gitVersion ?? "unknown";
  }

  private path(kind: Kind, name?: string): string {
    const [root, plural] = PATHS[kind];
    return `/${root}/namespaces/${this.namespace}/${plural}${name === undefined ? "" : `/${name}`}`;
  }

  private async send<T>(method: string, path: string, options: { body?: object; type?: string } = {}): Promise<T> {
    return JSON.parse(await this.text(method, path, options)) as T;
  }

  private async text(
    method: string,
    path: string,
    { body, type = "application/json" }: { body?: object; type?: string } = {},
  ): Promise<string> {
    const url = new URL(this.server);
    const options: RequestOptions = { method, timeout: TIMEOUT, headers: { accept: "application/json" } };
    try {
      await this.config.applyToHTTPSOptions(options);
    } catch (cause) {
      throw new ClusterUnreachable(
        this.server,
        `its login failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
    const payload = body === undefined ? undefined : JSON.stringify(body);
    // The client adds to what it was given, which is no list.
    const given = options.headers as OutgoingHttpHeaders;
    const headers = {
      ...given,
      ...(payload !== undefined && { "content-type": type, "content-length": String(Buffer.byteLength(payload)) }),
    };
    const address = {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port,
      path: `${url.pathname.replace(/\/$/, "")}${path}`,
    };
    const sent = (url.protocol === "http:" ? plain : secure)({ ...options, ...address, headers });
    const { status, text } = await answerOf(sent, payload, this.server);
    if (status >= 200 && status < 300) return text;
    throw refusal(status, text);
  }
}

function answerOf(
  sent: ClientRequest,
  payload: string | undefined,
  server: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    sent.once("response", (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER) sent.destroy(new Error("its answer is too long"));
        chunks.push(chunk);
      });
      response.once("error", (error) => reject(new ClusterUnreachable(server, error.message)));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.once("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT / 1000} s`)));
    sent.once("error", (error: NodeJS.ErrnoException) => {
      reject(new ClusterUnreachable(server, error.message === "" ? (error.code ?? "no answer") : error.message));
    });
    sent.end(payload);
  });
}

function refusal(status: number, text: string): ClusterRefusal {
  try {
    const { reason = "", message = text } = JSON.parse(text) as { reason?: string; message?: string };
    return new ClusterRefusal(status, reason, message);
  } catch {
    return new ClusterRefusal(status, "", text.slice(0, 500));
  }
}

function chooseContext(config: KubeConfig, { context, cluster }: CheckedPlace): void {
  const known = config.getContexts();
  const names = known.map(({ name }) => name).join(", ");
  if (context !== undefined) {
    if (!config.getContextObject(context))
      throw noCluster(`the kubeconfig has no context ${JSON.stringify(context)}, but ${names}`);
    config.setCurrentContext(context);
  } else if (cluster !== undefined) {
    const found = known.find((one) => one.cluster === cluster);
    if (!found)
      throw noCluster(
        `no context of the kubeconfig is of the cluster ${JSON.stringify(cluster)}; there are ${[...new Set(known.map((one) => one.cluster))].join(", ")}`,
      );
    config.setCurrentContext(found.name);
  }
}

function noCluster(reason: string): VitrineError {
  const waysOut = [
    "Get a kubeconfig from whoever runs the cluster, as ~/.kube/config or in $KUBECONFIG",
    "kubernetes: { kubeconfig: PATH }",
    'environment: "local" needs no cluster',
  ];
  return new VitrineError("DeploymentFailed", {
    name: "the cluster",
    operation: "The choice",
    reason,
    waysOut,
    kind: "no-cluster",
  });
}
