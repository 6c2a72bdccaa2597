/**
 * Who else has a data set open: one small file a process beside the journal, touched every few seconds.
 *
 * It only warns. Two notebooks may change labels at the same time without it: the journal takes care of that.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { z } from "zod";

export interface OtherUser {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
}

const HEARTBEAT_MS = 15_000;
const STALE_MS = 60_000;

const schema = z.object({ user: z.string(), host: z.string(), pid: z.number().int(), since: z.string() });
const ours = new Set<string>();

/** Says that this process has the folder open. Where that can't be written, nobody is told and nothing else is lost. */
export function announce(folder: string): void {
  const path = join(folder, `${hostname().replace(/[^\w.-]/g, "_")}-${process.pid}.json`);
  if (ours.has(path)) return;
  try {
    mkdirSync(folder, { recursive: true });
    const user = process.getuid ? String(process.getuid()) : userInfo().username;
    const self = {
      user: process.env["USER"] ?? user,
      host: hostname(),
      pid: process.pid,
      since: new Date().toISOString(),
    };
    writeFileSync(path, JSON.stringify(self));
  } catch {
    return;
  }
  if (ours.size === 0) begin();
  ours.add(path);
}

/** The other living processes that have the folder open; what the dead left behind is taken away. */
export function othersIn(folder: string): OtherUser[] {
  return list(folder).flatMap((name) => {
    const path = join(folder, name);
    if (ours.has(path)) return [];
    const other = readOther(path);
    if (other) return [other];
    rmSync(path, { force: true });
    return [];
  });
}

function begin(): void {
  const beat = setInterval(() => {
    const now = new Date();
    for (const path of ours) ignoring(() => utimesSync(path, now, now));
  }, HEARTBEAT_MS);
  beat.unref();
  process.once("exit", () => {
    for (const path of ours) ignoring(() => rmSync(path, { force: true }));
  });
}

function readOther(path: string): OtherUser | undefined {
  try {
    const other = schema.parse(JSON.parse(readFileSync(path, "utf8")));
    const fresh = Date.now() - statSync(path).mtimeMs < STALE_MS;
    return fresh && (other.host !== hostname() || isAlive(other.pid)) ? other : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

function ignoring(action: () => void): void {
  try {
    action();
  } catch {
    // The folder may be gone by now; a warning is all that is lost.
  }
}
