/**
 * TensorFlow's libraries out of its wheel on PyPI. Only files are wanted, no Python package: the wheel is asked for by one fixed
 * Python tag, whatever Python the machine has, and deleted once the libraries and headers are out.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { pipDownload, unpack } from "./pip.mjs";

/**
 * @typedef {object} Wheel
 * @property {string} requirement name and version, as pip takes it
 * @property {readonly string[]} hashes SHA-256 of the files that may come
 * @property {number} megabytes to download
 * @property {readonly string[]} platforms the wheel's platform tags
 */

export const TENSORFLOW_VERSION = "2.21.0";

const X64 = ["manylinux_2_27_x86_64"];
const ARM64 = ["manylinux_2_27_aarch64"];

/** @type {Readonly<Record<string, Wheel>>} by variant and platform */
export const TENSORFLOW = {
  "cpu-linux-x64": {
    requirement: `tensorflow-cpu==${TENSORFLOW_VERSION}`,
    hashes: ["dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb"],
    megabytes: 274,
    platforms: X64,
  },
  // There is no tensorflow-cpu for arm64; its plain wheel has no CUDA in it.
  "cpu-linux-arm64": {
    requirement: `tensorflow==${TENSORFLOW_VERSION}`,
    hashes: ["b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552"],
    megabytes: 282,
    platforms: ARM64,
  },
  "gpu-linux-x64": {
    requirement: `tensorflow==${TENSORFLOW_VERSION}`,
    hashes: ["b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0"],
    megabytes: 573,
    platforms: X64,
  },
};

/** @type {Readonly<Record<string, Wheel>>} by platform */
const ZIG = {
  "linux-x64": {
    requirement: "ziglang==0.17.0",
    hashes: ["97079827064a7492cce5541ceb438ae8003ce1e54e399676da2d62fb7a5dc08b"],
    megabytes: 101,
    platforms: ["manylinux_2_12_x86_64"],
  },
  "linux-arm64": {
    requirement: "ziglang==0.17.0",
    hashes: ["d2804f94f54f7fcf8169f4b212a619ad688a4e2e6592e976f0cf2e58e2cd8af3"],
    megabytes: 98,
    platforms: ["manylinux_2_17_aarch64"],
  },
};

const CUDA = fileURLToPath(new URL("cuda.txt", import.meta.url));

/** What of a wheel is kept: regular expressions for Python, matched at a name's beginning. */
export const WANTED = {
  tensorflow:
    "tensorflow/(libtensorflow_(cc|framework)\\.so\\.2$|THIRD_PARTY_NOTICES|include/(tensorflow/c/|tensorflow/core/platform/ctstring|tsl/platform/ctstring|xla/tsl/c/).*\\.h$)",
  cuda: "nvidia/(?!.*/include/).*",
  zig: "ziglang/",
};

const PLATFORM = `${process.platform}-${process.arch}`;

/** @typedef {import("./pip.mjs").Report} Report */

/**
 * The folder in the cache that holds `tensorflow/libtensorflow_*.so.2` and the headers (and `nvidia/` for a graphics card).
 *
 * @param {string} cache
 * @param {"cpu" | "gpu"} variant
 */
export const tensorflowFolder = (cache, variant) =>
  join(cache, `tensorflow-${variant}-${TENSORFLOW_VERSION}-${PLATFORM}`);

/**
 * Makes that folder where it is not there yet.
 *
 * @param {string} cache
 * @param {"cpu" | "gpu"} variant
 * @param {Report} report
 */
export async function ensureTensorFlow(cache, variant, report) {
  const folder = tensorflowFolder(cache, variant);
  const wheel = TENSORFLOW[`${variant}-${PLATFORM}`];
  if (!wheel) throw new Error(`no TensorFlow is pinned for ${variant} on ${PLATFORM}`);
  await once(cache, folder, async (partial) => {
    const wheels = await download(cache, `tensorflow-${variant}`, wheel, report);
    if (variant === "gpu") wheels.push(...(await downloadCuda(cache, report)));
    report("Unpacking TensorFlow's libraries and headers");
    await unpack(wheels, variant === "gpu" ? `${WANTED.tensorflow}|${WANTED.cuda}` : WANTED.tensorflow, partial);
  });
  return folder;
}

/**
 * A folder with zig, a C++ compiler in a wheel, for machines without one. The caller deletes it.
 *
 * @param {string} cache
 * @param {Report} report
 */
export async function ensureZig(cache, report) {
  const folder = join(cache, `ziglang-0.17.0-${PLATFORM}`);
  const wheel = ZIG[PLATFORM];
  if (!wheel) throw new Error(`no zig is pinned for ${PLATFORM}`);
  await once(cache, folder, async (partial) => {
    const wheels = await download(cache, "ziglang", wheel, report);
    report("Unpacking the compiler zig");
    await unpack(wheels, WANTED.zig, partial);
  });
  return folder;
}

/**
 * Makes `folder` by `make(partial)` and a rename, so that it is there as a whole or not at all; several clones may try at once.
 *
 * @param {string} cache
 * @param {string} folder
 * @param {(partial: string) => Promise<void>} make
 */
export async function once(cache, folder, make) {
  if (existsSync(folder)) return;
  await mkdir(cache, { recursive: true });
  await sweep(cache);
  const partial = `${folder}.partial-${process.pid}`;
  try {
    await mkdir(partial, { recursive: true });
    await make(partial);
    await rename(partial, folder).catch((/** @type {unknown} */ error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/**
 * Removes what an interrupted run left: partial folders whose process is gone.
 *
 * @param {string} cache
 */
async function sweep(cache) {
  for (const name of await readdir(cache)) {
    const owner = /\.partial-(\d+)$/.exec(name)?.[1];
    if (owner && !isAlive(Number(owner))) await rm(join(cache, name), { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Downloads a pinned wheel, with a line every two seconds. A wheel that an interrupted run had got whole is used again.
 *
 * @param {string} cache
 * @param {string} name of the folder in the cache
 * @param {Wheel} wheel
 * @param {Report} report
 */
async function download(cache, name, wheel, report) {
  const folder = join(cache, `${name}-${wheel.requirement.split("==")[1]}-${PLATFORM}.wheel`);
  await once(cache, folder, async (partial) => {
    const hashes = wheel.hashes.map((hash) => ` --hash=sha256:${hash}`).join("");
    await writeFile(join(partial, "pinned.txt"), `${wheel.requirement}${hashes}\n`);
    await pipDownload(
      partial,
      join(partial, "pinned.txt"),
      wheel.platforms,
      { label: wheel.requirement, ...wheel },
      report,
    );
  });
  return wheelsIn(folder);
}

/**
 * @param {string} cache
 * @param {Report} report
 */
async function downloadCuda(cache, report) {
  const folder = join(cache, `cuda-for-${TENSORFLOW_VERSION}-${PLATFORM}.wheel`);
  // NVIDIA's wheels carry various tags, and pip asked for one takes no older one along.
  const tags = Array.from({ length: 24 }, (_, i) => `manylinux_2_${28 - i}_x86_64`);
  const platforms = [...tags, "manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"];
  await once(cache, folder, (partial) =>
    pipDownload(partial, CUDA, platforms, { label: "CUDA libraries", megabytes: CUDA_MEGABYTES }, report),
  );
  return wheelsIn(folder);
}

const CUDA_MEGABYTES = 2500;

/** @param {string} folder */
async function wheelsIn(folder) {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith(".whl")).map((name) => join(folder, name));
}
