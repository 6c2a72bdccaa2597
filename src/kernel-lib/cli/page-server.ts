/**
 * Serves one widget as a page to the person at this machine, and to nobody else: on the loopback address, behind a token that comes with
 * the address and becomes a cookie. A request for another host's name (DNS rebinding), or from another site's page, is refused.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import type { JsonObject } from "../comm/port.js";
import { PAGE_COMMAND, PAGE_MESSAGES } from "../protocol/index.js";
import { VitrineError } from "../structures/errors.js";
import type { PagePort } from "./page-port.js";

export interface PageServer {
  /** With the token. */
  readonly url: string;
  close(): Promise<void>;
}

export interface PageServerOptions {
  /** 0 takes a free one. */
  port: number;
  /** The folder with page.html, page.js and page.css. */
  folder: string;
}

const TYPES: { [file: string]: string | undefined } = {
  "page.html": "text/html; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
};

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src blob: data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** A command is a label, a box, a list of ids. */
const LARGEST_COMMAND = 4 * 1024 * 1024;

/** @throws MissingFile where the page was not built, PortInUse where the port is taken */
export async function servePage(pages: PagePort, { port, folder }: PageServerOptions): Promise<PageServer> {
  const files = await readPage(folder);
  const token = randomBytes(24).toString("base64url");
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, HEADERS);
      response.end(String(error));
    });
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const own = (server.address() as AddressInfo).port;
    const refusal = refuse(request, own);
    const url = new URL(request.url ?? "/", `http://127.0.0.1:${own}`);
    const cookie = `vitrine-${own}`;
    if (refusal !== undefined) response.writeHead(403, HEADERS).end(refusal);
    else if (isSame(url.searchParams.get("token"), token)) {
      // The address is kept in histories; the cookie is not, and no script reads it.
      const header = `${cookie}=${token}; HttpOnly; SameSite=Strict; Path=/`;
      response.writeHead(303, { ...HEADERS, location: "/", "set-cookie": header }).end();
    } else if (!isSame(cookieOf(request, cookie), token)) {
      response.writeHead(401, HEADERS).end("Open the address that vitrine printed: its token is missing here.");
    } else await route(request, response, url.pathname);
  };
  const route = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const file = path === "/" ? "page.html" : path.slice(1);
    const content = files.get(file);
    if (request.method === "POST" && path === PAGE_COMMAND) {
      await pages.receive(await bodyOf(request));
      response.writeHead(204, HEADERS).end();
    } else if (request.method !== "GET") response.writeHead(405, HEADERS).end();
    else if (path === PAGE_MESSAGES) {
      response.writeHead(200, { ...HEADERS, "content-type": "application/octet-stream" });
      await pages.connect(response);
    } else if (content) response.writeHead(200, { ...HEADERS, "content-type": TYPES[file] }).end(content);
    else response.writeHead(404, HEADERS).end();
  };
  await listen(server, port);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?token=${token}`;
  return { url, close: () => close(server, pages) };
}

async function readPage(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const name of Object.keys(TYPES)) {
    const path = join(folder, name);
    const content = await readFile(path).catch((cause: unknown) => {
      const reason = "it was not built: run npm run setup";
      throw new VitrineError("MissingFile", { path, what: "the page of the annotation tool", reason }, { cause });
    });
    files.set(name, content);
  }
  return files;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

async function close(server: Server, pages: PagePort): Promise<void> {
  pages.end();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Why a request is none of a page of this server. */
function refuse({ headers }: IncomingMessage, port: number): string | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? "")) return "This server answers for 127.0.0.1 and localhost only.";
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return "Another site's page asked.";
  return undefined;
}

/** In a time that says nothing of how much is right. */
function isSame(given: string | null | undefined, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return typeof given === "string" && timingSafeEqual(digest(given), digest(token));
}

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  const cookies = (headers.cookie ?? "").split(";").map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
}

async function bodyOf(request: IncomingMessage): Promise<JsonObject> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    parts.push(part as Buffer);
    size += (part as Buffer).byteLength;
    if (size > LARGEST_COMMAND) throw new Error("the command is too long");
  }
  return JSON.parse(Buffer.concat(parts).toString("utf8")) as JsonObject;
}
