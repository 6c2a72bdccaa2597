/** Wheels by pip and a Python, whichever of them the machine has: fetched by their hashes, and unpacked. */
import { spawnSync } from "node:child_process";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { runCommand } from "./command.mjs";

/** @typedef {(line: string) => void} Report */

/**
 * Downloads what a list of pinned requirements names, with a line every two seconds.
 *
 * @param {string} folder
 * @param {string} requirements the list's path
 * @param {readonly string[]} platforms
 * @param {{ label: string, megabytes: number }} what
 * @param {Report} report
 */
export async function pipDownload(folder, requirements, platforms, what, report) {
  const [command, ...first] = findPip();
  const tags = platforms.flatMap((platform) => ["--platform", platform]);
  const python = ["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312", "--abi", "none"];
  const flags = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--no-cache-dir", "--progress-bar=off"];
  const args = [...first, "download", ...flags, ...python, ...tags, "-d", folder, "-r", requirements];
  // pip writes what has come so far under TMPDIR: that is the progress, whatever version pip is.
  // Nothing is installed: that a Python must be a virtual environment's for that is no matter here.
  const env = { ...process.env, TMPDIR: folder, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_REQUIRE_VIRTUALENV: "0" };
  const started = Date.now();
  const timer = setInterval(() => {
    void folderSize(folder).then((bytes) => {
      const seconds = Math.round((Date.now() - started) / 1000);
      // At the end pip copies what it has, and for a moment it is there twice.
      const megabytes = Math.min(Math.round(bytes / 1e6), what.megabytes);
      report(`Downloading ${what.label}: ${megabytes} of ${what.megabytes} MB, ${seconds} s`);
    });
  }, 2000);
  try {
    await runCommand(/** @type {string} */ (command), args, env);
  } finally {
    clearInterval(timer);
  }
}

/** The oldest pip that takes several platforms and ABIs at once. */
const MINIMUM_PIP = 21;

const VENV = fileURLToPath(new URL("../../../.venv/bin/", import.meta.url));

/** Where pip may be: the machine's, the project's, or the one that uv brings. */
const PIPS = [
  ["python3", "-m", "pip"],
  [`${VENV}python`, "-m", "pip"],
  [`${VENV}uv`, "tool", "run", "pip"],
  ["uv", "tool", "run", "pip"],
];

/**
 * The first pip that answers and is young enough.
 *
 * @param {readonly (readonly string[])[]} [candidates]
 */
export function findPip(candidates = PIPS) {
  const found = candidates.find(([command, ...args]) => {
    const options = { timeout: 60_000, encoding: /** @type {const} */ ("utf8") };
    const { status, stdout } = spawnSync(/** @type {string} */ (command), [...args, "--version"], options);
    return status === 0 && Number(/^pip (\d+)/.exec(stdout)?.[1]) >= MINIMUM_PIP;
  });
  if (!found) throw new Error(`no pip of version ${MINIMUM_PIP} or newer was found: install python3-pip, or uv`);
  return found;
}

/**
 * A Python that can unpack: the project's; where there is none, in an image say, the machine's, by whichever name it has.
 *
 * @param {readonly string[]} [candidates]
 */
export function findUnpacker(candidates = [`${VENV}python`, "python3", "python"]) {
  const found = candidates.find(
    (command) => spawnSync(command, ["-c", "import zipfile"], { timeout: 60_000 }).status === 0,
  );
  if (!found) throw new Error(`no Python was found as ${candidates.join(" or ")}`);
  return found;
}

/** @param {string} folder */
async function folderSize(folder) {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = entries.map((entry) =>
    stat(join(folder, entry)).then(
      (s) => (s.isFile() ? s.size : 0),
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const UNPACK = `
import re, sys, zipfile
wanted, target, *wheels = sys.argv[1:]
for wheel in wheels:
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            if re.match(wanted, entry.filename) and not entry.is_dir():
                path = archive.extract(entry, target)
                if entry.external_attr >> 16 & 0o100:
                    __import__("os").chmod(path, 0o755)
`;

/**
 * Takes what is wanted out of wheels, and deletes their folders.
 *
 * @param {readonly string[]} wheels
 * @param {string} wanted a regular expression for Python, matched at a name's beginning
 * @param {string} target
 */
export async function unpack(wheels, wanted, target) {
  await runCommand(findUnpacker(), ["-c", UNPACK, wanted, target, ...wheels], process.env);
  for (const wheel of wheels) await rm(join(wheel, ".."), { recursive: true, force: true });
}
