/**
 * One set-up at a time in one clone: a second one waits for the first, and a lock whose owner has died counts for nothing.
 * @module
 */
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { rmSync } from "node:fs";
import path from "node:path";

import { recordChildren } from "./processes.mjs";

const POLL_MS = 250;
/** After a restart of the machine their numbers may be other processes', which never end. */
const ORPHANS_MS = 120_000;

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * @param {string} file
 * @returns {Promise<boolean>} false if somebody has it
 */
async function tryLock(file) {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/**
 * The children of an owner that was killed outright work on: two installs in one folder would spoil each other.
 * @param {string} file as processes.mjs has left it
 */
async function orphansEnded(file) {
  const pids = (await readFile(file, "utf8").catch(() => ""))
    .split(" ")
    .map(Number)
    .filter((pid) => pid > 0);
  const deadline = Date.now() + ORPHANS_MS;
  while (pids.some(isAlive) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/**
 * @template T
 * @param {string} file
 * @param {(owner: number) => void} onWait called once if somebody else has it
 * @param {() => Promise<T>} body
 * @returns {Promise<T>}
 */
export async function withLock(file, onWait, body) {
  await mkdir(path.dirname(file), { recursive: true });
  let said = false;
  while (!(await tryLock(file))) {
    const owner = Number(await readFile(file, "utf8").catch(() => ""));
    // A file without a number is one whose owner died between making it and writing to it, or is just about to write.
    const dead = owner > 0 ? owner === process.pid || !isAlive(owner) : said;
    if (dead) await rm(file, { force: true });
    else {
      if (!said && owner > 0) onWait(owner);
      said = true;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  const release = () => {
    recordChildren(undefined);
    rmSync(file, { force: true });
  };
  process.once("exit", release);
  try {
    const children = `${file}.children`;
    await orphansEnded(children);
    recordChildren(children);
    return await body();
  } finally {
    process.removeListener("exit", release);
    release();
  }
}
