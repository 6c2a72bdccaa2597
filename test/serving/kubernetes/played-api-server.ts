/**
 * An API server that plays Kubernetes' part: objects with resource versions and generations, create, read, list, merge patch and delete with
 * its own refusals. Its controllers' and its nodes' part is played over the API, as it is with a real one. The same tests run against a real kube-apiserver (`real-cluster.ts`), so the two are held against each other.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { forwardPort, lastLines, portForwarding } from "./kubelet-server.js";
import type { PlayedNode } from "./played-node.js";

export interface PlayedObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    resourceVersion: string;
    generation: number;
    creationTimestamp: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { uid: string }[];
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [field: string]: unknown;
}

const GROUPS: Readonly<Record<string, string>> = {
  deployments: "apps",
  replicasets: "apps",
  pods: "",
  services: "",
  secrets: "",
  events: "",
  horizontalpodautoscalers: "autoscaling",
  poddisruptionbudgets: "policy",
  networkpolicies: "networking.k8s.io",
  jobs: "batch",
  inferenceservices: "serving.kserve.io",
};

interface DeploymentSpec {
  selector: { matchLabels: Record<string, string> };
  template: { metadata: { labels: Record<string, string> } };
}

interface Binding {
  target: { name: string };
}

const PATH = /^\/(?:api|apis\/([\w.]+))\/v[\w]+\/namespaces\/([\w-]+)\/(\w+)(?:\/([\w.-]+))?(?:\/(\w+))?$/;

class Refused extends Error {
  readonly code: number;
  readonly reason: string;
  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

export class PlayedApiServer {
  readonly objects = new Map<string, PlayedObject>();
  /** Of each request: "POST deployments". */
  readonly requests: string[] = [];
  /** Where a pod's forwarded port leads, unless the pod runs on the node. */
  forwardTo: number | undefined;
  node: PlayedNode | undefined;
  private readonly server: Server;
  private readonly sockets = portForwarding();
  private version = 1;
  private readonly users: Readonly<Record<string, string>>;
  private readonly namespaces: readonly string[];

  constructor(users: Readonly<Record<string, string>>, namespaces: readonly string[]) {
    this.users = users;
    this.namespaces = namespaces;
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on("upgrade", (request, socket, head) => {
      const [, , namespace = "", , pod = ""] = PATH.exec(new URL(request.url ?? "/", "http://cluster").pathname) ?? [];
      const port = this.node?.port(namespace, pod) ?? this.forwardTo ?? 0;
      this.sockets.handleUpgrade(request, socket, head, (ws) => forwardPort(ws, port));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.sockets.close();
    for (const client of this.sockets.clients) client.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    try {
      const { code = 200, body } = this.handle(request, text);
      response.writeHead(code, { "content-type": typeof body === "string" ? "text/plain" : "application/json" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    } catch (error) {
      const { code, reason, message } =
        error instanceof Refused ? error : new Refused(500, "InternalError", String(error));
      response.writeHead(code, { "content-type": "application/json" });
      response.end(JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", message, reason, code }));
    }
  }

  private handle(request: IncomingMessage, text: string): { code?: number; body: unknown } {
    const url = new URL(request.url ?? "/", "http://cluster");
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const user = this.users[token];
    if (user === undefined) throw new Refused(401, "Unauthorized", "Unauthorized");
    if (url.pathname === "/version") return { body: { gitVersion: "v1.34.4-played" } };
    if (url.pathname.endsWith("/selfsubjectaccessreviews")) {
      const review = JSON.parse(text) as object;
      return { code: 201, body: { ...review, status: { allowed: user === "admin" } } };
    }
    const [, , namespace = "", plural = "", name, sub] = PATH.exec(url.pathname) ?? [];
    const group = GROUPS[plural];
    if (group === undefined) throw new Refused(404, "NotFound", "the server could not find the requested resource");
    const method = request.method ?? "GET";
    this.requests.push(`${method} ${plural}`);
    const verb =
      { POST: "create", GET: name === undefined ? "list" : "get", PATCH: "patch", DELETE: "delete" }[method] ?? method;
    const full = group === "" ? plural : `${plural}.${group}`;
    if (user !== "admin") {
      const what = name === undefined || method === "POST" ? full : `${full} "${name}"`;
      throw new Refused(
        403,
        "Forbidden",
        `${what} is forbidden: User "${user}" cannot ${verb} resource "${plural}" in API group "${group}" in the namespace "${namespace}"`,
      );
    }
    if (sub === "log") return { body: this.log(namespace, name ?? "", url.searchParams) };
    if (sub === "binding")
      return { code: 201, body: this.bind(`${namespace}/pods/${name ?? ""}`, JSON.parse(text) as Binding) };
    if (method === "POST") return { code: 201, body: this.create(namespace, plural, JSON.parse(text) as PlayedObject) };
    if (name === undefined)
      return {
        body: { kind: "List", items: this.list(namespace, plural, url.searchParams.get("labelSelector") ?? "") },
      };
    const found = this.objects.get(`${namespace}/${plural}/${name}`);
    if (!found) throw new Refused(404, "NotFound", `${full} "${name}" not found`);
    if (method === "GET") return { body: found };
    if (method === "DELETE") {
      const { gracePeriodSeconds } = (text === "" ? {} : JSON.parse(text)) as { gracePeriodSeconds?: number };
      this.remove(found, plural, gracePeriodSeconds === 0);
      return { body: { kind: "Status", status: "Success" } };
    }
    if (request.headers["content-type"] !== "application/merge-patch+json")
      throw new Refused(415, "UnsupportedMediaType", "the body of the request was in an unknown format");
    return { body: this.patch(found, plural, JSON.parse(text) as object, sub === "status") };
  }

  private create(namespace: string, plural: string, given: PlayedObject): PlayedObject {
    if (!this.namespaces.includes(namespace)) throw new Refused(404, "NotFound", `namespaces "${namespace}" not found`);
    const { name } = given.metadata;
    const key = `${namespace}/${plural}/${name}`;
    const group = GROUPS[plural] ?? "";
    if (this.objects.has(key))
      throw new Refused(
        409,
        "AlreadyExists",
        `${group === "" ? plural : `${plural}.${group}`} "${name}" already exists`,
      );
    if (plural === "deployments") checkSelector(given);
    if (plural === "pods" && namespace === "small")
      throw new Refused(
        403,
        "Forbidden",
        `pods "${name}" is forbidden: exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0`,
      );
    const metadata = {
      ...given.metadata,
      namespace,
      uid: randomUUID(),
      resourceVersion: String(this.version++),
      generation: 1,
      creationTimestamp: new Date().toISOString(),
    };
    const object = { ...given, metadata };
    this.objects.set(key, object);
    return object;
  }

  list(namespace: string, plural: string, selector = ""): PlayedObject[] {
    const wanted = selector
      .split(",")
      .filter((term) => term !== "")
      .map((term) => term.split("="));
    return [...this.objects]
      .filter(([key]) => key.startsWith(`${namespace}/${plural}/`))
      .map(([, object]) => object)
      .filter(({ metadata }) => wanted.every(([label = "", value]) => metadata.labels?.[label] === value));
  }

  private patch(found: PlayedObject, plural: string, change: object, status: boolean): PlayedObject {
    const merged = merge(found, change) as PlayedObject;
    const next: PlayedObject = status
      ? { ...found, ...(merged.status && { status: merged.status }) }
      : { ...merged, ...(found.status && { status: found.status }) };
    const changed = JSON.stringify(next.spec) !== JSON.stringify(found.spec);
    const generation = found.metadata.generation + (changed ? 1 : 0);
    next.metadata = { ...next.metadata, uid: found.metadata.uid, generation, resourceVersion: String(this.version++) };
    this.objects.set(`${found.metadata.namespace}/${plural}/${found.metadata.name}`, next);
    return next;
  }

  /** And what it owns. A pod that a node runs goes when the node says so. */
  private remove(object: PlayedObject, plural: string, now = false): void {
    if (plural === "pods" && object.spec?.["nodeName"] !== undefined && !now) {
      object.metadata.deletionTimestamp ??= new Date().toISOString();
      return;
    }
    this.objects.delete(`${object.metadata.namespace}/${plural}/${object.metadata.name}`);
    for (const [key, other] of [...this.objects]) {
      if (other.metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid))
        this.remove(other, key.split("/")[1] ?? "");
    }
  }

  private bind(key: string, { target }: Binding): object {
    const pod = this.objects.get(key);
    if (!pod) throw new Refused(404, "NotFound", "pods not found");
    this.patch(pod, "pods", { spec: { nodeName: target.name } }, false);
    return { kind: "Status", status: "Success" };
  }

  /** The kubelet's to tell; of pods that are not run, what the container of a crashing one said. */
  private log(namespace: string, pod: string, query: URLSearchParams): string {
    const run = this.node?.log(namespace, pod, query.get("previous") === "true");
    if (run !== undefined) return lastLines(run, Number(query.get("tailLines") ?? Infinity));
    if (!this.objects.has(`${namespace}/pods/${pod}`)) throw new Refused(404, "NotFound", `pods "${pod}" not found`);
    const time = new Date().toISOString();
    return `{"level":30,"time":"${time}","message":"service started"}\nvitrine: ${pod} had nothing to serve\n`;
  }
}

/** RFC 7396. */
function merge(target: unknown, change: unknown): unknown {
  if (typeof change !== "object" || change === null || Array.isArray(change)) return change;
  const result: Record<string, unknown> =
    typeof target === "object" && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(change)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = merge(result[key], value);
  }
  return result;
}

function checkSelector({ metadata, spec }: PlayedObject): void {
  const { selector, template } = spec as unknown as DeploymentSpec;
  const fits = Object.entries(selector.matchLabels).every(
    ([label, value]) => template.metadata.labels[label] === value,
  );
  if (!fits)
    throw new Refused(
      422,
      "Invalid",
      `Deployment.apps "${metadata.name}" is invalid: spec.template.metadata.labels: Invalid value: selector does not match template labels`,
    );
}
