/**
 * Which TensorFlow this machine gets: the CPU's, the graphics card's, or none (WebAssembly then).
 */
import { spawnSync } from "node:child_process";

/** @typedef {"cpu" | "gpu" | "none"} Variant */
/** @typedef {{ variant: Variant, reason: string }} Choice */

/** NVIDIA's table of minor version compatibility: every CUDA 12 runs from this Linux driver on. */
const OLDEST_DRIVER = "525.60.13";

/** Where pinned wheels exist. */
const PLATFORMS = ["linux-x64", "linux-arm64"];

/**
 * `VITRINE_TENSORFLOW` decides where it is set, else what `nvidia-smi` says.
 *
 * @param {{ env?: NodeJS.ProcessEnv, platform?: string }} [options] `platform` as in "linux-x64"
 * @returns {Choice}
 */
export function chooseTensorFlow({ env = process.env, platform = `${process.platform}-${process.arch}` } = {}) {
  const wish = env["VITRINE_TENSORFLOW"];
  if (wish !== undefined && wish !== "" && !["cpu", "gpu", "none"].includes(wish)) {
    throw new Error(`Expected one of "cpu", "gpu", "none" for VITRINE_TENSORFLOW but received ${JSON.stringify(wish)}`);
  }
  if (wish === "none") return { variant: "none", reason: "VITRINE_TENSORFLOW=none" };
  if (!PLATFORMS.includes(platform)) {
    return {
      variant: "none",
      reason: `TensorFlow's libraries are pinned for ${PLATFORMS.join(" and ")} only, not for ${platform}`,
    };
  }
  if (wish === "cpu") return { variant: "cpu", reason: "VITRINE_TENSORFLOW=cpu" };
  // NVIDIA's wheels for arm64 are another set, for servers; nobody has tried it here.
  if (platform !== "linux-x64") return { variant: "cpu", reason: `the CUDA libraries are pinned for linux-x64 only` };
  if (wish === "gpu") return { variant: "gpu", reason: "VITRINE_TENSORFLOW=gpu" };
  return byGraphicsCard(env);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Choice}
 */
function byGraphicsCard(env) {
  const query = ["--query-gpu=driver_version,name", "--format=csv,noheader"];
  const answer = spawnSync("nvidia-smi", query, { env, encoding: "utf8", timeout: 10_000 });
  const found = answer.status === 0 ? /^\s*([\d.]+)\s*,\s*(\S.*?)\s*$/m.exec(answer.stdout) : null;
  if (!found?.[1] || !found[2]) return { variant: "cpu", reason: "nvidia-smi shows no graphics card" };
  const [, driver, name] = found;
  return olderThan(driver, OLDEST_DRIVER)
    ? { variant: "cpu", reason: `${name}: its driver ${driver} is older than ${OLDEST_DRIVER}, which CUDA 12 needs` }
    : { variant: "gpu", reason: `${name}, driver ${driver}` };
}

/**
 * @param {string} version
 * @param {string} than
 */
function olderThan(version, than) {
  const [a, b] = [version, than].map((text) => text.split(".").map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
