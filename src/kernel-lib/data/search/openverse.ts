/**
 * Openverse, the search for openly licensed pictures (https://api.openverse.org/v1/): no key is needed; one request a second, as its terms ask.
 */
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { isVitrineError, VitrineError } from "../../structures/errors.js";
import { fetchPublic } from "../../structures/fetch-public.js";
import { effectiveSignal } from "../../structures/interrupt.js";
import { choiceOption, integerOption, knownOptions, textOption } from "../../structures/options.js";
import type { FoundImage, ImageProvider } from "./image-provider.js";

const LICENCES = ["cc0", "pdm", "by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"] as const;

export type OpenverseLicence = (typeof LICENCES)[number];

export interface OpenverseOptions {
  /** Only pictures under one of these; any of Openverse's by default. */
  licences?: readonly OpenverseLicence[];
  /** A token of a registered application, which may ask more often. */
  token?: string;
  /** Another instance of the same API. It may be on a private network: who names it knows it. */
  baseUrl?: string;
  /** Milliseconds between two requests at least; 1000 by default. */
  interval?: number;
}

/** Without a token Openverse gives no more on a page. */
const PAGE = 20;

const answer = z.object({
  page_count: z.number(),
  results: z.array(
    z.object({
      url: z.string(),
      title: z.string().nullish(),
      creator: z.string().nullish(),
      license: z.string().nullish(),
      license_version: z.string().nullish(),
      license_url: z.string().nullish(),
      foreign_landing_url: z.string().nullish(),
    }),
  ),
});

type Result = z.infer<typeof answer>["results"][number];

/** The search for openly licensed pictures at Openverse, without a key: a provider for `createFromJson`. */
export class Openverse implements ImageProvider {
  readonly name = "Openverse";
  private readonly base: string;
  private readonly isOwnBase: boolean;
  private readonly token: string | undefined;
  private readonly licences: readonly OpenverseLicence[];
  private readonly interval: number;
  /** When the next request may be made. */
  private free = 0;

  constructor(options: OpenverseOptions = {}) {
    knownOptions("Openverse", options, ["licences", "token", "baseUrl", "interval"]);
    this.licences = (options.licences ?? []).map((licence) => choiceOption("licences", licence, LICENCES));
    this.isOwnBase = options.baseUrl !== undefined;
    this.base = textOption("baseUrl", options.baseUrl ?? "https://api.openverse.org/v1").replace(/\/+$/, "");
    this.interval = integerOption("interval", options.interval ?? 1000, 0, 3_600_000);
    this.token = options.token;
  }

  /** @throws `FetchFailed`, `AddressRefused`, `Stopped` */
  async search(
    query: string,
    { count, signal }: { count: number; signal?: AbortSignal | undefined },
  ): Promise<FoundImage[]> {
    const found = new Map<string, FoundImage>();
    for (let page = 1; found.size < count; page++) {
      const { page_count: pages, results } = await this.page(query, page, signal);
      for (const result of results) found.set(result.url, imageOf(result));
      if (page >= pages || results.length === 0) break;
    }
    return [...found.values()].slice(0, count);
  }

  private async page(query: string, page: number, signal: AbortSignal | undefined): Promise<z.infer<typeof answer>> {
    const parameters = new URLSearchParams({ q: query, page: String(page), page_size: String(PAGE), mature: "false" });
    if (this.licences.length > 0) parameters.set("license", this.licences.join(","));
    const url = `${this.base}/images/?${parameters.toString()}`;
    for (let attempt = 0; ; attempt++) {
      await this.turn(signal);
      try {
        return parsed(url, await this.get(url, signal));
      } catch (error) {
        // It asks for a pause by 429; a busy moment passes too.
        if (attempt === 2 || !isVitrineError(error, "FetchFailed") || !/answered (429|5\d\d)/.test(error.message))
          throw error;
        this.free = Date.now() + this.interval * 5 * (attempt + 1);
      }
    }
  }

  private async get(url: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (this.token !== undefined) headers["authorization"] = `Bearer ${this.token}`;
    return (await fetchPublic(url, { headers, allowPrivate: this.isOwnBase, maxBytes: 4 << 20, signal })).bytes;
  }

  private async turn(signal: AbortSignal | undefined): Promise<void> {
    const now = Date.now();
    const start = Math.max(now, this.free);
    this.free = start + this.interval;
    const stop = effectiveSignal(signal);
    await wait(start - now, undefined, stop ? { signal: stop } : {}).catch((cause: unknown) => {
      throw new VitrineError(
        "Stopped",
        { operation: "The search", kept: "what was fetched before is kept" },
        { cause },
      );
    });
  }
}

function parsed(url: string, bytes: Uint8Array): z.infer<typeof answer> {
  try {
    return answer.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch (cause) {
    throw new VitrineError("FetchFailed", { url, reason: "the answer is not what Openverse's API gives" }, { cause });
  }
}

function imageOf(result: Result): FoundImage {
  const { url, title, creator, license, license_version: version, license_url, foreign_landing_url } = result;
  return {
    url,
    ...(title && { title }),
    ...(license && { licence: licenceName(license, version ?? "") }),
    ...(license_url && { licenceUrl: license_url }),
    ...(creator && { author: creator }),
    ...(foreign_landing_url && { page: foreign_landing_url }),
  };
}

/** "by-sa", "2.0": "CC BY-SA 2.0" */
function licenceName(code: string, version: string): string {
  if (code === "pdm") return "Public Domain Mark 1.0";
  const name = code === "cc0" ? "CC0" : `CC ${code.toUpperCase()}`;
  return `${name} ${version}`.trim();
}
