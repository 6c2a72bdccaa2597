/**
 * Asks a service what is in pictures, in the documents' wire form. It tries again only where the service says that it has too much to do
 * (503): nothing else gets better by repeating it.
 */
import { setTimeout as wait } from "node:timers/promises";

import { quote, VitrineError } from "../../structures/errors.js";
import { effectiveSignal } from "../../structures/interrupt.js";
import { integerOption, knownOptions } from "../../structures/options.js";
import { httpCall, type HttpAnswer } from "./http-call.js";
import { pictureBytes, type PictureSource, type PictureSourceOptions } from "./picture-source.js";

/** The documents' name for what a classifier's service can be asked. */
export const ClassificationRestApiParameters = { ADD_SOFTMAX: "ADD_SOFTMAX" } as const;

export interface ScoreImageParameters {
  /** Of a classifier: probabilities in place of the values before the softmax. */
  ADD_SOFTMAX?: boolean;
  /** Height and width to which the service stretches the picture first. */
  resize?: readonly [number, number];
  /** Only labels or objects of at least this score. */
  threshold?: number;
  /** Only so many, the highest first. */
  top_k?: number;
}

export interface ScoreImageOptions extends PictureSourceOptions {
  parameters?: ScoreImageParameters;
  /** How often a service that is overloaded is asked again; 5 by default. */
  retries?: number;
}

export interface ServiceEndpoint {
  /** With its path. */
  url: string;
  key: string | undefined;
  ca?: string | undefined;
  keepAlive?: boolean | undefined;
}

const OPTIONS = ["imageResizeDims", "allowPrivate", "signal", "parameters", "retries"];
/** Pictures in a request, and requests at once, for long lists. */
const CHUNK = 16;
const AT_ONCE = 2;
/** Bytes of pictures in a request, unless one alone has more: base64 makes a third more of them, and a service takes 16 MiB by default. */
const CHUNK_BYTES = 8 * 2 ** 20;
const FIRST_PAUSE = 200;
const MAX_PAUSE = 10_000;

/** What the service answers for each picture: JSON as text, in the pictures' order. @throws ScoringFailed, and what reading a picture does */
export async function scorePictures(
  endpoint: ServiceEndpoint,
  sources: readonly PictureSource[],
  options: ScoreImageOptions = {},
): Promise<string[]> {
  knownOptions("scoreImage", options, OPTIONS);
  const retries = integerOption("retries", options.retries ?? 5, 0, 100);
  const signal = effectiveSignal(options.signal);
  const results: string[][] = [];
  const starts = Array.from({ length: Math.ceil(sources.length / CHUNK) }, (_, i) => i * CHUNK);
  const worker = async () => {
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      const chunk = sources.slice(start, start + CHUNK);
      results[start / CHUNK] = await scoreChunk(endpoint, chunk, start, { ...options, retries, signal });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results.flat();
}

/** What the service answers to any input: text and bytes go as they are, all else as JSON. @throws ScoringFailed */
export async function runInput(
  endpoint: ServiceEndpoint,
  input: unknown,
  options: { signal?: AbortSignal | undefined },
): Promise<unknown> {
  const body = inputBody(input);
  const signal = effectiveSignal(options.signal);
  const answer = await post(endpoint, body, { retries: 5, signal });
  if (answer.status !== 200) throw refusal(endpoint.url, answer, 0);
  try {
    return JSON.parse(answer.text);
  } catch (cause) {
    const reason = `expected JSON but received ${quote(answer.text)}`;
    throw new VitrineError("ScoringFailed", { url: endpoint.url, status: 200, reason }, { cause });
  }
}

/** Text and bytes as they are, all else as JSON. @throws InvalidOption */
export function inputBody(input: unknown): string | Uint8Array {
  if (typeof input === "string" || input instanceof Uint8Array) return input;
  const json = JSON.stringify(input) as string | undefined;
  if (json !== undefined) return json;
  throw new VitrineError("InvalidOption", {
    option: "input",
    expected: "a value that JSON has",
    received: quote(input),
  });
}

async function scoreChunk(
  endpoint: ServiceEndpoint,
  sources: readonly PictureSource[],
  start: number,
  options: ScoreImageOptions & { retries: number },
): Promise<string[]> {
  const pictures = await Promise.all(sources.map((source) => pictureBytes(source, options)));
  const results: string[] = [];
  for (const part of parts(pictures))
    results.push(...(await scorePart(endpoint, part, start + results.length, options)));
  return results;
}

/** In their order, each of as many bytes as a request should have. */
function parts(pictures: readonly Uint8Array[]): Uint8Array[][] {
  const made: Uint8Array[][] = [];
  let room = 0;
  for (const picture of pictures) {
    room -= picture.byteLength;
    if (room < 0 || made.length === 0) {
      made.push([]);
      room = CHUNK_BYTES - picture.byteLength;
    }
    made.at(-1)?.push(picture);
  }
  return made;
}

/** One request; halves of it, where the service takes less at a time. */
async function scorePart(
  endpoint: ServiceEndpoint,
  pictures: readonly Uint8Array[],
  start: number,
  options: ScoreImageOptions & { retries: number },
): Promise<string[]> {
  const { parameters = {} } = options;
  const items = pictures.map((bytes) => ({ image_in_base64: Buffer.from(bytes).toString("base64"), parameters }));
  const answer = await post(endpoint, JSON.stringify(items), options);
  if (answer.status === 413 && pictures.length > 1) {
    const half = Math.ceil(pictures.length / 2);
    const first = await scorePart(endpoint, pictures.slice(0, half), start, options);
    return [...first, ...(await scorePart(endpoint, pictures.slice(half), start + half, options))];
  }
  if (answer.status !== 200) throw refusal(endpoint.url, answer, start);
  return readResults(endpoint.url, answer.text, pictures.length);
}

async function post(
  { url, key, ca, keepAlive }: ServiceEndpoint,
  body: string | Uint8Array,
  { retries, signal }: { retries: number; signal?: AbortSignal | undefined },
): Promise<HttpAnswer> {
  const type = typeof body === "string" ? "application/json" : "application/octet-stream";
  const headers = { "content-type": type, ...(key !== undefined && { authorization: `Bearer ${checkKey(key)}` }) };
  checkUrl(url);
  const stopped = () => new VitrineError("Stopped", { operation: "The scoring", kept: "nothing was changed" });
  for (let tried = 0; ; tried++) {
    const answer = await httpCall({ url, method: "POST", headers, body, ca, signal, keepAlive }).catch(
      (cause: unknown) => {
        if (signal?.aborted === true) throw stopped();
        const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
        throw new VitrineError("ScoringFailed", { url, status: 0, reason }, { cause });
      },
    );
    if (answer.status !== 503 || tried >= retries) return answer;
    await wait(pause(tried, answer), undefined, signal ? { signal } : {}).catch(() => {
      throw stopped();
    });
  }
}

/** As it was copied: from a file it comes with its line's end. @throws InvalidOption, without the key */
export function checkKey(key: string): string {
  const plain = key.trim();
  if (/^[\x21-\x7e]+$/.test(plain)) return plain;
  const received = plain === "" ? "nothing" : "a text with other characters in it";
  throw new VitrineError("InvalidOption", {
    option: "the service's key",
    expected: "letters, digits and signs of ASCII",
    received,
  });
}

function checkUrl(url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  const expected = 'an address such as "http://127.0.0.1:8080/score"';
  throw new VitrineError("InvalidOption", { option: "url", expected, received: quote(url) });
}

/** Doubled each time, with jitter so that many clients don't come back at once; at least what the service asks for. */
function pause(tried: number, { headers }: HttpAnswer): number {
  const asked = Number(headers["retry-after"] ?? 0) * 1000 || 0;
  const backoff = FIRST_PAUSE * 2 ** tried;
  return Math.min(MAX_PAUSE, Math.max(asked, backoff) * (0.75 + Math.random() / 2));
}

function refusal(url: string, { status, text }: HttpAnswer, start: number): VitrineError {
  const { message, index } = errorOf(text);
  const where = index === undefined ? {} : { index: start + index };
  return new VitrineError("ScoringFailed", { url, status, reason: message ?? quote(text), ...where });
}

function errorOf(text: string): { message?: string; index?: number } {
  try {
    return (JSON.parse(text) as { error?: { message?: string; index?: number } }).error ?? {};
  } catch {
    return {};
  }
}

function readResults(url: string, text: string, count: number): string[] {
  try {
    const results: unknown = JSON.parse(text);
    const fits = Array.isArray(results) && results.length === count && results.every((one) => typeof one === "string");
    if (fits) return results;
  } catch {
    // Said below.
  }
  const reason = `expected a list of ${count} texts but received ${quote(text)}`;
  throw new VitrineError("ScoringFailed", { url, status: 200, reason });
}
