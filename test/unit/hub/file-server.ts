/** A server on this machine that serves one file, and misbehaves as each test wants. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export interface FileServer {
  url: string;
  /** The requests so far: path and Range. */
  requests: { path: string; range: string | undefined }[];
  close: () => Promise<void>;
}

/** `handle` gets the number of each request, from 1. */
export async function serve(handle: Handler): Promise<FileServer> {
  const requests: FileServer["requests"] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? "", range: request.headers.range });
    handle(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, requests, close };
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Answers as a proper server does, ranges included. */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
  etag = `"${sha256(bytes)}"`,
) {
  const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
  const whole = from === undefined || request.headers["if-range"] !== etag;
  const start = whole ? 0 : Number(from);
  response.writeHead(whole ? 200 : 206, {
    etag,
    "content-length": bytes.length - start,
    ...(!whole && { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
  });
  response.end(bytes.subarray(start));
}

const breaks: { at: number; response: ServerResponse }[] = [];

/**
 * Promises the whole file from `start`, sends it up to byte `end`, and ends the connection once the client has taken that: what
 * it has not handed on yet, fetch throws away when it fails.
 */
export function breakOff(
  response: ServerResponse,
  bytes: Buffer,
  end: number,
  { start = 0, etag = `"${sha256(bytes)}"` } = {},
) {
  const range = { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
  response.writeHead(start > 0 ? 206 : 200, { etag, "content-length": bytes.length - start, ...(start > 0 && range) });
  response.write(bytes.subarray(start, end));
  breaks.push({ at: end, response });
}

/** To be told how much the client has. */
export function clientHas(received: number): void {
  for (const { at, response } of breaks) if (received >= at) response.destroy();
}
