/** The kubelet's own server, as a real API server asks it: a container's log, and the way to its port. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import { connect, type AddressInfo } from "node:net";

import { WebSocketServer, type WebSocket } from "ws";

import { ownCertificate } from "../own-certificate.js";
import type { PlayedNode } from "./played-node.js";

export interface KubeletServer {
  port: number;
  close(): Promise<void>;
}

/** @param home folder for its certificate */
export async function kubeletServer(node: PlayedNode, home: string): Promise<KubeletServer> {
  const { cert, key } = await ownCertificate(home, "node");
  const server = createServer({ cert: await readFile(cert), key: await readFile(key) }, (request, response) => {
    const url = new URL(request.url ?? "/", "https://node");
    const [, what, namespace = "", pod = ""] = url.pathname.split("/");
    const text =
      what === "containerLogs" ? node.log(namespace, pod, url.searchParams.get("previous") === "true") : undefined;
    response.writeHead(text === undefined ? 404 : 200, { "content-type": "text/plain" });
    response.end(lastLines(text ?? "", Number(url.searchParams.get("tailLines") ?? Infinity)));
  });
  const sockets = portForwarding();
  server.on("upgrade", (request, socket, head) => {
    const [, , namespace = "", pod = ""] = new URL(request.url ?? "/", "https://node").pathname.split("/");
    sockets.handleUpgrade(request, socket, head, (ws) => forwardPort(ws, node.port(namespace, pod) ?? 0));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const portForwarding = (): WebSocketServer =>
  new WebSocketServer({ noServer: true, handleProtocols: () => "v4.channel.k8s.io" });

/** As the kubelet's: the first two bytes of each channel are the port. */
export function forwardPort(ws: WebSocket, port: number): void {
  const target = connect(port, "127.0.0.1");
  for (const channel of [0, 1]) ws.send(Buffer.from([channel, 0x90, 0x1f]));
  target.on("data", (data) => ws.send(Buffer.concat([Buffer.from([0]), data])));
  target.on("close", () => ws.close());
  target.on("error", () => ws.close());
  ws.on("message", (data: Buffer) => {
    if (data[0] === 0) target.write(data.subarray(1));
  });
  ws.on("close", () => target.destroy());
}

export const lastLines = (text: string, count: number): string =>
  text
    .split("\n")
    .slice(Number.isFinite(count) ? -count - 1 : 0)
    .join("\n");
