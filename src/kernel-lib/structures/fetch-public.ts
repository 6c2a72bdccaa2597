/** A small file from an address that somebody gave: of the public internet only, of limited size, in limited time. */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

import { isVitrineError, VitrineError } from "./errors.js";
import { effectiveSignal } from "./interrupt.js";
import { checkPublicUrl, publicLookup } from "./public-address.js";

export interface FetchPublicOptions {
  /** Bytes at most; 20 MiB by default. */
  maxBytes?: number;
  /** Milliseconds for the whole of it, redirects included; 20,000 by default. */
  timeout?: number;
  /** Private, link-local and loopback addresses too. For addresses that the caller knows, never for lists of others. */
  allowPrivate?: boolean;
  /** Beside those that are always sent. */
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
  /** In the system's place. */
  lookup?: ReturnType<typeof publicLookup>;
}

export interface FetchedFile {
  bytes: Uint8Array;
  /** Where it came from, after redirects. */
  url: string;
  /** As the server says; "" where it doesn't. */
  contentType: string;
}

const MAX_REDIRECTS = 5;

/**
 * Fetches a file. Every hop of a redirect is checked as the first address was.
 * @throws AddressRefused, FetchFailed, Stopped
 */
export async function fetchPublic(source: string, options: FetchPublicOptions = {}): Promise<FetchedFile> {
  if (!URL.canParse(source)) throw new VitrineError("AddressRefused", { url: source, reason: "it is no address" });
  const { timeout = 20_000 } = options;
  const given = effectiveSignal(options.signal);
  const limit = AbortSignal.timeout(timeout);
  const signal = given ? AbortSignal.any([given, limit]) : limit;
  try {
    return await follow(new URL(source), options, signal);
  } catch (error) {
    if (isVitrineError(error)) throw error;
    if (given?.aborted === true)
      throw new VitrineError("Stopped", { operation: "The fetch", kept: "nothing was kept" });
    const reason = limit.aborted ? `it took more than ${timeout / 1000} s` : reasonOf(error);
    throw new VitrineError("FetchFailed", { url: source, reason }, { cause: error });
  }
}

async function follow(start: URL, options: FetchPublicOptions, signal: AbortSignal): Promise<FetchedFile> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    if (options.allowPrivate !== true) checkPublicUrl(url);
    else if (!/^https?:$/.test(url.protocol)) checkPublicUrl(url);
    const response = await get(url, options, signal);
    const status = response.statusCode ?? 0;
    const { location } = response.headers;
    if (status >= 300 && status < 400 && location !== undefined && URL.canParse(location, url.href)) {
      response.destroy();
      url = new URL(location, url);
      continue;
    }
    if (status !== 200) {
      response.destroy();
      throw new VitrineError("FetchFailed", { url: url.href, reason: `the server answered ${status}` });
    }
    const bytes = await body(url, response, options.maxBytes ?? 20 * 2 ** 20);
    return { bytes, url: url.href, contentType: response.headers["content-type"] ?? "" };
  }
  throw new VitrineError("FetchFailed", { url: start.href, reason: `more than ${MAX_REDIRECTS} redirects` });
}

function get(url: URL, options: FetchPublicOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  const headers = { "accept-encoding": "identity", "user-agent": "vitrine", ...options.headers };
  // Without an agent: a connection that was kept open was checked for another address.
  const rest = { headers, signal, agent: false };
  const checked = options.allowPrivate === true ? {} : { lookup: options.lookup ?? publicLookup() };
  return new Promise((resolve, reject) => {
    request(url, { ...rest, ...checked }, resolve)
      .once("error", reject)
      .end();
  });
}

async function body(url: URL, response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const tooMuch = () =>
    new VitrineError("FetchFailed", { url: url.href, reason: `it has more than ${maxBytes} bytes` });
  const chunks: Buffer[] = [];
  let length = 0;
  if (Number(response.headers["content-length"] ?? 0) > maxBytes) {
    response.destroy();
    throw tooMuch();
  }
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooMuch();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === "string" ? code : String(message);
}
