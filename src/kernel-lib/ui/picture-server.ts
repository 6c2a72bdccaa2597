/**
 * Answers a widget's requests for pictures: a few at a time, the most urgent first, each sent as soon as it is ready. What is
 * no longer wanted is not made.
 */
import { stat } from "node:fs/promises";

import type { EncodedPicture } from "../data/thumbnail.js";
import { cachedThumbnail } from "../data/thumbnail-cache.js";
import { MAX_PICTURE_SIDE, type PictureEvent, type PictureRequest } from "../protocol/index.js";
import { ByteCache } from "./byte-cache.js";

interface Job {
  id: number;
  side: number;
}

/** libvips has threads of its own; more files than that at once only hold more memory. */
const AT_ONCE = 4;
const MAX_READERS = 32;
const MAX_WANTED = 1000;

/** Shared by all widgets: a notebook often shows the same pictures twice. */
const made = new ByteCache<EncodedPicture>(64 * 1024 * 1024);

export class PictureServer {
  private readonly pathOf: (id: number) => string | undefined;
  private readonly send: (event: PictureEvent, buffers: readonly Uint8Array[]) => void;
  private readonly wanted = new Map<string, Job[]>();
  private readonly inWork = new Set<string>();

  constructor(
    pathOf: (id: number) => string | undefined,
    send: (event: PictureEvent, buffers: readonly Uint8Array[]) => void,
  ) {
    this.pathOf = pathOf;
    this.send = send;
  }

  /** Takes the place of what the same reader asked for before. */
  request({ reader, ids, side }: PictureRequest): void {
    this.wanted.delete(reader);
    if (!Array.isArray(ids) || !Number.isSafeInteger(side) || side < 1 || ids.length === 0) return;
    if (this.wanted.size >= MAX_READERS) this.wanted.delete(this.wanted.keys().next().value ?? "");
    const capped = Math.min(side, MAX_PICTURE_SIDE);
    this.wanted.set(
      reader,
      ids.slice(0, MAX_WANTED).map((id: number) => ({ id, side: capped })),
    );
    this.fill();
  }

  private fill(): void {
    while (this.inWork.size < AT_ONCE) {
      const job = this.next();
      if (!job) return;
      const key = keyOf(job);
      this.inWork.add(key);
      void this.serve(job).finally(() => {
        this.inWork.delete(key);
        this.fill();
      });
    }
  }

  /** The readers take turns, so that a large picture does not wait for a whole grid. */
  private next(): Job | undefined {
    for (const [reader, jobs] of this.wanted) {
      this.wanted.delete(reader);
      const job = jobs.shift();
      if (jobs.length > 0) this.wanted.set(reader, jobs);
      // Events go to every view: what is being made for one serves all.
      if (job && !this.inWork.has(keyOf(job))) return job;
      if (job) return this.next();
    }
    return undefined;
  }

  private async serve({ id, side }: Job): Promise<void> {
    try {
      const path = this.pathOf(id);
      if (path === undefined) throw new Error("there is no such picture in the data set");
      const { bytes, mime, width, height } = await encode(path, side);
      this.send({ type: "picture", id, side, mime, width, height }, [bytes]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.send({ type: "pictureFailed", id, side, reason }, []);
    }
  }
}

const keyOf = ({ id, side }: Job): string => `${id}@${side}`;

async function encode(path: string, side: number): Promise<EncodedPicture> {
  // A file that was replaced under its name is another picture.
  const { mtimeMs, size } = await stat(path);
  const key = `${side} ${mtimeMs} ${size} ${path}`;
  const kept = made.get(key);
  if (kept) return kept;
  const picture = await cachedThumbnail(path, side);
  made.set(key, picture);
  return picture;
}
