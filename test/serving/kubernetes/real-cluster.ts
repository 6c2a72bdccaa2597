/**
 * A real API server: etcd, kube-apiserver and kube-controller-manager on loopback, with their state in a folder of their own. Pods are not
 * run: the played kubelet says what becomes of them. `test/serving/kubernetes/README.md` tells how the programs are built.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { freePort } from "../free-port.js";
import { kubeconfigOf, NAMESPACES, TOKENS } from "./cluster.js";
import { NODE, type PlayedApi } from "./played-kubelet.js";

interface Programs {
  apiServer: string;
  etcd: string;
  /** Played, where there is none. */
  controllers: string | undefined;
  home: string;
}

/** Makes the node known, and where its kubelet is asked. */
export async function registerNode(api: PlayedApi, port: number): Promise<void> {
  await api("POST", "/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: NODE } });
  const status = {
    addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
    conditions: [{ type: "Ready", status: "True" }],
  };
  await api("PATCH", `/api/v1/nodes/${NODE}/status`, { status }, "application/merge-patch+json");
}

/** Where it is asked, and what ends it. */
export async function startRealCluster({
  apiServer,
  etcd,
  controllers,
  home,
}: Programs): Promise<{ server: string; close: () => Promise<void> }> {
  const processes: ChildProcess[] = [];
  const run = (name: string, program: string, args: readonly string[]) => {
    const log = createWriteStream(join(home, `${name}.log`));
    const child = spawn(program, args, { cwd: home, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    processes.push(child);
  };
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
  const store = `http://127.0.0.1:${client}`;
  run("etcd", etcd, [
    "--data-dir",
    join(home, "etcd"),
    "--listen-client-urls",
    store,
    "--advertise-client-urls",
    store,
    "--listen-peer-urls",
    `http://127.0.0.1:${peer}`,
    "--initial-advertise-peer-urls",
    `http://127.0.0.1:${peer}`,
    "--initial-cluster",
    `default=http://127.0.0.1:${peer}`,
    "--unsafe-no-fsync",
  ]);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = join(home, "accounts.pem");
  await writeFile(key, privateKey.export({ type: "pkcs8", format: "pem" }));
  const tokens = join(home, "tokens.csv");
  await writeFile(tokens, `${TOKENS.admin},admin,1,"system:masters"\n${TOKENS.guest},guest,2\n`);
  run("apiserver", apiServer, [
    "--etcd-servers",
    store,
    "--secure-port",
    String(port),
    "--bind-address",
    "127.0.0.1",
    "--cert-dir",
    join(home, "certificates"),
    "--token-auth-file",
    tokens,
    "--authorization-mode",
    "RBAC",
    "--service-account-issuer",
    "https://bench.test",
    "--service-account-signing-key-file",
    key,
    "--service-account-key-file",
    key,
    "--service-cluster-ip-range",
    "10.0.0.0/24",
    ...(controllers === undefined ? ["--disable-admission-plugins", "ServiceAccount"] : []),
  ]);
  // It comes with a certificate of its own making.
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  const server = `https://127.0.0.1:${port}`;
  const headers = { authorization: `Bearer ${TOKENS.admin}`, "content-type": "application/json" };
  const ask = (path: string, body?: object) =>
    fetch(`${server}${path}`, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
  for (let i = 0; (await ask("/readyz").catch(() => undefined))?.status !== 200; i++) {
    if (i > 600) throw new Error(`the API server did not become ready; its log is in ${home}`);
    await wait(200);
  }
  const config = join(home, "controllers-config");
  await writeFile(config, kubeconfigOf(server));
  if (controllers !== undefined)
    run("controllers", controllers, [
      "--kubeconfig",
      config,
      "--service-account-private-key-file",
      key,
      "--leader-elect=false",
      "--secure-port",
      "0",
      "--cert-dir",
      join(home, "certificates"),
      "--controllers",
      "deployment-controller,replicaset-controller,job-controller,garbage-collector-controller,serviceaccount-controller,resourcequota-controller,namespace-controller",
    ]);
  for (const name of NAMESPACES)
    await ask("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  await ask("/api/v1/namespaces/small/resourcequotas", {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "none" },
    spec: { hard: { pods: "0" } },
  });
  // Where no controller says so: the quota counts, and nothing of it is used.
  const status = { hard: { pods: "0" }, used: { pods: "0" } };
  if (controllers === undefined)
    await fetch(`${server}/api/v1/namespaces/small/resourcequotas/none/status`, {
      method: "PATCH",
      headers: { ...headers, "content-type": "application/merge-patch+json" },
      body: JSON.stringify({ status }),
    });
  await ask("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", INFERENCE_SERVICE);
  // The quota counts once its controller has seen it, and pods are made once there is an account.
  const accounts =
    controllers === undefined ? [] : NAMESPACES.map((name) => `/api/v1/namespaces/${name}/serviceaccounts/default`);
  const kserve = "/apis/serving.kserve.io/v1beta1/namespaces/shop/inferenceservices";
  for (const path of [...accounts, kserve]) {
    for (let i = 0; i < 300 && (await ask(path)).status !== 200; i++) await wait(200);
  }
  return {
    server,
    close: async () => {
      for (const child of processes.reverse()) {
        if (child.exitCode !== null) continue;
        child.kill("SIGKILL");
        await once(child, "exit");
      }
    },
  };
}

/** KServe's kind, by its name and without its own rules. */
const INFERENCE_SERVICE = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "inferenceservices.serving.kserve.io" },
  spec: {
    group: "serving.kserve.io",
    scope: "Namespaced",
    names: { kind: "InferenceService", plural: "inferenceservices", singular: "inferenceservice" },
    versions: [
      {
        name: "v1beta1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};
