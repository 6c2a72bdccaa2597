/** A port of this machine that leads to a service's pod, through the cluster's API: a service needs no way in from outside to be tried. */
import { createServer, type AddressInfo, type Socket } from "node:net";
import { PassThrough } from "node:stream";

import { CONTAINER_PORT } from "../container/image-document.js";
import type { Cluster } from "./cluster.js";
import { podStatus } from "./pods.js";
import type { V1Pod } from "./wire-objects.js";

/** By cluster, namespace and service. They do not keep the process alive, and end with it. */
const open = new Map<string, Promise<number>>();

/** The local port. Each connection goes to a pod that is ready then, so it outlives updates. */
export function forwardedPort(cluster: Cluster, name: string, pods: string): Promise<number> {
  const id = `${cluster.server} ${cluster.namespace} ${name}`;
  const known = open.get(id);
  if (known) return known;
  const made = listen(cluster, name, pods);
  open.set(id, made);
  made.catch(() => open.delete(id));
  return made;
}

async function listen(cluster: Cluster, name: string, pods: string): Promise<number> {
  const { PortForward } = await import("@kubernetes/client-node");
  const forward = new PortForward(cluster.config, true);
  let turn = 0;
  const server = createServer((socket) => {
    connect(socket).catch((error: unknown) => socket.end(unavailable(error)));
  });
  const connect = async (socket: Socket) => {
    socket.on("error", () => undefined);
    // Bytes that come before the way is open wait.
    const input = socket.pipe(new PassThrough());
    const all = await cluster.list<V1Pod>("Pod", { labels: pods });
    // One that goes is ready to its end, and may be of a service of this name that was here before.
    const ready = all.filter((pod) => podStatus(pod).ready && !pod.metadata?.deletionTimestamp);
    const pod = ready[turn++ % Math.max(1, ready.length)]?.metadata?.name;
    if (pod === undefined) throw new Error(`no pod of ${name} is ready`);
    const way = await forward.portForward(cluster.namespace, pod, [CONTAINER_PORT], socket, null, input);
    const ends = typeof way === "function" ? way() : way;
    socket.once("close", () => ends?.close());
    ends?.on("close", () => socket.end());
  };
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Where there is no way to a pod, as the service would say it: whoever asks tries again in a while. */
function unavailable(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const body = JSON.stringify({ error: { code: "NotReady", message } });
  const headers = [
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Retry-After: 1",
    "Connection: close",
  ];
  return `HTTP/1.1 503 Service Unavailable\r\n${headers.join("\r\n")}\r\n\r\n${body}`;
}
