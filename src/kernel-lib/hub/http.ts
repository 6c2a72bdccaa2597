/** Requests that follow redirects in sight, and the waits between tries. */
import { setTimeout as wait } from "node:timers/promises";

const MAX_REDIRECTS = 8;
/** A server that asks for a longer pause than this is taken as saying no. */
const MAX_PAUSE = 60_000;

/** A response, and what the hops before it said of the file. */
export interface Answer {
  response: Response;
  /** The hub's SHA-256 and size of the file itself, wherever it is then sent from. */
  linkedSha256?: string;
  linkedSize?: number;
}

/** What went wrong with one try: whether another may go better, and when. */
export class TryError extends Error {
  readonly again: boolean;
  /** Milliseconds that the server asks for. */
  readonly pause: number | undefined;

  constructor(message: string, again: boolean, pause?: number) {
    super(message);
    this.again = again;
    this.pause = pause;
  }
}

/** @throws TryError where there is no answer, or not 200 or 206 */
export async function request(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
  let linked: Omit<Answer, "response"> = {};
  let address = new URL(url);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await fetch(address.href, { headers, signal, redirect: "manual" }).catch((error: unknown) => {
      throw networkError(address, error);
    });
    linked = { ...linked, ...linkedFacts(response.headers) };
    if (response.status === 200 || response.status === 206) return { response, ...linked };
    await response.body?.cancel();
    if (response.status < 300 || response.status >= 400) throw statusError(address, response);
    address = nextAddress(address, response.headers.get("location"));
  }
  throw new TryError(`${new URL(url).host} redirects without end`, false);
}

function nextAddress(from: URL, location: string | null): URL {
  const to = location !== null && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (!to || !/^https?:$/.test(to.protocol) || (from.protocol === "https:" && to.protocol === "http:")) {
    throw new TryError(`${from.host} redirects to where weights are not fetched from`, false);
  }
  return to;
}

function linkedFacts(headers: Headers): Omit<Answer, "response"> {
  const etag = headers.get("x-linked-etag")?.replace(/^W\/|"/g, "") ?? "";
  const size = Number(headers.get("x-linked-size") ?? NaN);
  return {
    ...(/^[0-9a-f]{64}$/i.test(etag) && { linkedSha256: etag.toLowerCase() }),
    ...(Number.isSafeInteger(size) && { linkedSize: size }),
  };
}

function statusError(address: URL, { status, headers }: Response): TryError {
  const passing = status === 408 || status === 429 || status >= 500;
  const pause = retryAfter(headers.get("retry-after"));
  const asks = pause === undefined ? "" : ` and asks for a pause of ${Math.ceil(pause / 1000)} s`;
  return new TryError(`${address.host} answers ${status}${asks}`, passing && (pause ?? 0) <= MAX_PAUSE, pause);
}

/** Seconds or a date, as milliseconds from now. */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const milliseconds = /^\d+$/.test(value) ? 1000 * Number(value) : Date.parse(value) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

/** Where there is no network at all, waiting is no use. */
const HOPELESS = new Set(["ENOTFOUND", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "CERT_HAS_EXPIRED"]);

function networkError(address: URL, error: unknown): TryError {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = (cause as { code?: unknown }).code;
  const reason = typeof code === "string" ? code : cause instanceof Error ? cause.message : String(cause);
  return new TryError(`${address.host} can't be reached (${reason})`, !HOPELESS.has(reason));
}

/** The pause before try `index` (from 1): doubled each time, with jitter so that many clients don't come back at once. */
export async function pauseBefore(index: number, base: number, asked: number | undefined, signal: AbortSignal) {
  const backoff = Math.min(base * 2 ** (index - 1), MAX_PAUSE) * (0.5 + Math.random() / 2);
  await wait(Math.max(backoff, asked ?? 0), undefined, { signal });
}
