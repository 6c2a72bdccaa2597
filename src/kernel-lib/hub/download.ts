/**
 * One file from a server that may break off, lie about lengths, or be busy: tried again with growing pauses, gone on with where
 * it broke off, and kept only when size and SHA-256 are what was promised.
 */
import { isVitrineError } from "../structures/errors.js";
import { type Answer, pauseBefore, request, TryError } from "./http.js";
import { PartialFile } from "./partial-file.js";
import type { RemoteFile } from "./weight-source.js";

/** Tries in a row that bring nothing new. */
const TRIES = 5;
/** No weights are larger; a server without end is. */
const MAX_BYTES = 32 * 2 ** 30;

export interface DownloadProgress {
  url: string;
  /** Bytes that are there, those of earlier tries included. */
  received: number;
  /** All bytes, where the server says. */
  total: number | undefined;
}

export interface DownloadOptions {
  signal: AbortSignal;
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Milliseconds before the second try, doubled for each further one. */
  retryDelay: number;
  /** Milliseconds without a byte after which a try is given up. */
  stallTimeout: number;
}

export interface Downloaded {
  size: number;
  sha256: string;
}

/**
 * Fetches the file to `target`.
 *
 * @throws TryError with the last reason, CannotWrite, or what the signal says
 */
export async function download(file: RemoteFile, target: string, options: DownloadOptions): Promise<Downloaded> {
  const partial = await PartialFile.open(target);
  try {
    for (let failures = 0, had = partial.size; ;) {
      try {
        return await oneTry(file, partial, options);
      } catch (error) {
        options.signal.throwIfAborted();
        if (isVitrineError(error)) throw error;
        const failure = error instanceof TryError ? error : new TryError(describe(error), true);
        failures = partial.size > had ? 1 : failures + 1;
        had = partial.size;
        if (!failure.again || failures >= TRIES) throw failure;
        await pauseBefore(failures, options.retryDelay, failure.pause, options.signal);
      }
    }
  } finally {
    await partial.release();
  }
}

async function oneTry(file: RemoteFile, partial: PartialFile, options: DownloadOptions): Promise<Downloaded> {
  const stalled = new AbortController();
  const signal = AbortSignal.any([options.signal, stalled.signal]);
  const timer = setTimeout(() => stalled.abort(new Error("no data for too long")), options.stallTimeout);
  try {
    const resumed = partial.size > 0;
    const answer = await request(file.url, requestHeaders(partial), signal);
    const total = await agree(answer, partial);
    for await (const chunk of answer.response.body as AsyncIterable<Uint8Array>) {
      timer.refresh();
      await partial.append(chunk);
      if (partial.size > (total ?? MAX_BYTES)) await restart(partial, `more than ${total ?? MAX_BYTES} bytes came`);
      options.onProgress?.({ url: file.url, received: partial.size, total });
    }
    const promised = answer.linkedSha256 ?? file.sha256Prefix ?? "";
    return await finish(partial, { total, promised, resumed });
  } catch (error) {
    throw stalled.signal.aborted && !(error instanceof TryError) ? new TryError("no data for too long", true) : error;
  } finally {
    clearTimeout(timer);
  }
}

function requestHeaders(partial: PartialFile): Record<string, string> {
  const headers = { "accept-encoding": "identity", "user-agent": "vitrine" };
  if (partial.size === 0 || partial.etag === undefined) return headers;
  return { ...headers, range: `bytes=${partial.size}-`, "if-range": partial.etag };
}

/** Settles what of the partial file stands, and how long the whole is; both sides must mean the same file. */
async function agree({ response, linkedSize }: Answer, partial: PartialFile): Promise<number | undefined> {
  const { headers } = response;
  const tag = headers.get("etag");
  // A weak mark doesn't promise the same bytes.
  const etag = tag?.startsWith('"') === true ? tag : undefined;
  let total = lengthOf(headers.get("content-length"));
  if (response.status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get("content-range") ?? "");
    const wrong = !range || Number(range[1]) !== partial.size || (etag !== undefined && etag !== partial.etag);
    if (wrong) return giveUp(response, partial, "the server sends another part than was asked for");
    total = Number(range[2]);
  } else {
    await partial.clear(etag);
  }
  if (linkedSize !== undefined && total !== undefined && linkedSize !== total) {
    return giveUp(response, partial, `the hub promises ${linkedSize} bytes, but ${total} are sent`);
  }
  return linkedSize ?? total;
}

const lengthOf = (value: string | null) => (value !== null && /^\d+$/.test(value) ? Number(value) : undefined);

async function giveUp(response: Response, partial: PartialFile, reason: string): Promise<never> {
  await response.body?.cancel();
  return restart(partial, reason);
}

async function restart(partial: PartialFile, reason: string): Promise<never> {
  await partial.clear();
  throw new TryError(reason, true);
}

async function finish(
  partial: PartialFile,
  { total, promised, resumed }: { total: number | undefined; promised: string; resumed: boolean },
): Promise<Downloaded> {
  const { size } = partial;
  if (total !== undefined && size < total) throw new TryError(`it broke off at ${size} of ${total} bytes`, true);
  const sha256 = await partial.sha256();
  if (!sha256.startsWith(promised)) {
    await partial.clear();
    const reason = `its SHA-256 is ${sha256}, but ${promised} was promised: not the file that was meant`;
    // Put together from two answers it may be whole when it comes in one.
    throw new TryError(reason, resumed);
  }
  await partial.commit();
  return { size, sha256 };
}

/** fetch says "terminated" and keeps the reason to itself. */
function describe(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return `it broke off (${cause instanceof Error ? cause.message : String(cause)})`;
}
