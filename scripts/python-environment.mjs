/**
 * The environment that our Python and its package clients run in: the machine's own settings where they are about the
 * network, none where they would lead Python to somebody else's packages.
 * @module
 */
import { runCommand } from "./processes.mjs";

/** What would put other packages before ours, or ours elsewhere; or have other versions than those of the pinned list. */
const FOREIGN = [
  ...["PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX"],
  ...["PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_CONSTRAINT", "PIP_PRE", "PIP_DRY_RUN"],
  ...["UV_CONSTRAINT", "UV_OVERRIDE", "UV_EXCLUDE_NEWER", "UV_SYSTEM_PYTHON", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT"],
];

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function pythonEnvironment(env = process.env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.includes(name)));
}

/** pip's settings and what uv calls them. */
const SAME_SETTINGS = /** @type {const} */ ([
  ["index-url", "UV_DEFAULT_INDEX", ["UV_INDEX_URL"]],
  ["extra-index-url", "UV_INDEX", ["UV_EXTRA_INDEX_URL"]],
  ["find-links", "UV_FIND_LINKS", []],
  ["no-index", "UV_NO_INDEX", []],
  ["cert", "SSL_CERT_FILE", []],
  ["trusted-host", "UV_INSECURE_HOST", []],
  ["timeout", "UV_HTTP_TIMEOUT", []],
  ["default-timeout", "UV_HTTP_TIMEOUT", []],
]);

/**
 * Reads `pip config list`: lines of `global.index-url='https://…'`, from files and from the environment (`:env:`).
 * @param {string} text
 * @returns {Map<string, string>} by setting, without the section; the environment wins, as in pip
 */
export function parsePipConfig(text) {
  /** @type {Map<string, string>} */
  const settings = new Map();
  /** @type {Set<string>} */
  const fromEnvironment = new Set();
  for (const line of text.split(/\r?\n/)) {
    const [, section, name, value] = /^(:env:|global|install|site|user)\.([\w-]+)='(.*)'$/.exec(line) ?? [];
    if (section === undefined || name === undefined || value === undefined || fromEnvironment.has(name)) continue;
    settings.set(name, value.replaceAll("\\n", "\n"));
    if (section === ":env:") fromEnvironment.add(name);
  }
  return settings;
}

/**
 * uv reads no pip settings; a machine that has only those is behind a mirror or a proxy all the same.
 * @param {Map<string, string>} pip
 * @param {NodeJS.ProcessEnv} env what is set for uv here stays
 * @returns {NodeJS.ProcessEnv} env with pip's settings added
 */
export function withPipSettings(pip, env) {
  const result = { ...env };
  for (const [setting, variable, aliases] of SAME_SETTINGS) {
    const value = pip.get(setting)?.trim();
    if (value === undefined || value === "") continue;
    if ([variable, ...aliases].some((name) => (result[name] ?? "") !== "")) continue;
    // pip separates several by white space, uv by spaces or, for links, by commas.
    result[variable] = value.split(/\s+/).join(variable === "UV_FIND_LINKS" ? "," : " ");
  }
  return result;
}

/**
 * @param {string} python any Python; one without pip has no pip settings
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function uvEnvironment(python) {
  const env = pythonEnvironment();
  const { code, output } = await runCommand(python, ["-m", "pip", "config", "list"], { env });
  return code === 0 ? withPipSettings(parsePipConfig(output), env) : env;
}
