/** A cluster for tests: played, or a real API server where $VITRINE_KUBE_APISERVER and $VITRINE_ETCD name its programs; see README.md. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PlayedApiServer } from "./played-api-server.js";
import { PlayedControllers } from "./played-controllers.js";
import { kubeletServer } from "./kubelet-server.js";
import { PlayedKubelet, type PlayedApi } from "./played-kubelet.js";
import { playedLoop } from "./played-loop.js";
import { PlayedNode } from "./played-node.js";
import { registerNode, startRealCluster } from "./real-cluster.js";

/** Token by user: one may everything, one nothing. */
export const TOKENS = { admin: "token-of-admin", guest: "token-of-guest" };

/** In "small" no pod may be made. */
export const NAMESPACES = ["shop", "small"];

export interface TestCluster {
  /** With the contexts "admin", "guest", "stranger" whom nobody knows, and "gone" where nothing listens. */
  kubeconfig: string;
  /** undefined where the cluster is real. */
  played: PlayedApiServer | undefined;
  api: PlayedApi;
  /** Folder of the node that runs built images. */
  nodeHome: string;
  close(): Promise<void>;
}

export async function testCluster(): Promise<TestCluster> {
  const home = await mkdtemp(join(tmpdir(), "vitrine-cluster-"));
  const {
    VITRINE_KUBE_APISERVER: apiServer,
    VITRINE_ETCD: etcd,
    VITRINE_KUBE_CONTROLLER_MANAGER: controllers,
  } = process.env;
  const real = apiServer !== undefined && etcd !== undefined;
  const users = { [TOKENS.admin]: "admin", [TOKENS.guest]: "guest" };
  const played = real ? undefined : new PlayedApiServer(users, NAMESPACES);
  const cluster = real
    ? await startRealCluster({ apiServer, etcd, controllers, home })
    : { server: (await played?.listen()) ?? "", close: () => played?.close() };
  const kubeconfig = join(home, "config");
  await writeFile(kubeconfig, kubeconfigOf(cluster.server));
  const api = apiOf(cluster.server);
  const nodeHome = join(home, "node");
  const node = new PlayedNode(api, nodeHome);
  if (played) played.node = node;
  const server = real ? await kubeletServer(node, home) : undefined;
  if (server) await registerNode(api, server.port);
  const kubelet = new PlayedKubelet(api, node);
  const loops = [playedLoop(NAMESPACES, 60, (namespace) => kubelet.tend(namespace))];
  const playing = new PlayedControllers(api);
  if (!real || controllers === undefined)
    loops.push(playedLoop(NAMESPACES, 40, (namespace) => playing.tend(namespace)));
  return {
    nodeHome,
    kubeconfig,
    played,
    api,
    close: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
      await node.close();
      await server?.close();
      await cluster.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** JSON is YAML. */
export function kubeconfigOf(server: string): string {
  const users = { admin: TOKENS.admin, guest: TOKENS.guest, stranger: "token-of-nobody" };
  const trusting = { "insecure-skip-tls-verify": true };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "admin",
    clusters: [
      { name: "bench", cluster: { server, ...trusting } },
      { name: "nowhere", cluster: { server: "http://127.0.0.1:9", ...trusting } },
    ],
    users: Object.entries(users).map(([name, token]) => ({ name, user: { token } })),
    contexts: [
      ...Object.keys(users).map((user) => ({ name: user, context: { cluster: "bench", user, namespace: "shop" } })),
      { name: "gone", context: { cluster: "nowhere", user: "admin" } },
    ],
  });
}

const apiOf =
  (server: string): PlayedApi =>
  async (method, path, body, type = "application/json") => {
    const headers = { authorization: `Bearer ${TOKENS.admin}`, "content-type": type };
    const answer = await fetch(`${server}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as unknown;
  };
