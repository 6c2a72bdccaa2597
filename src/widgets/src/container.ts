/**
 * The entry of the prebuilt JupyterLab extension: a module-federation container, as webpack would make one.
 *
 * JupyterLab calls `init` with the modules that it shares, then `get("./extension")`. Of those modules only `@jupyter-widgets/base`
 * is taken, for a widget must be an instance of the very classes that the page's widget manager knows.
 */
import maxSatisfying from "semver/ranges/max-satisfying.js";

type Factory = () => unknown;
type ShareScope = { [name: string]: { [version: string]: { get: () => Factory | Promise<Factory> } } | undefined };

/** Declared by the build around the bundle; every import of `@jupyter-widgets/base` in it reads this. */
declare let _vitrineBase: unknown;

const BASE = "@jupyter-widgets/base";
const BASE_RANGE = "^6.0.0";

let scope: ShareScope = {};

async function shareBase(): Promise<void> {
  const versions = scope[BASE] ?? {};
  const best = maxSatisfying(Object.keys(versions), BASE_RANGE);
  const found = best === null ? undefined : versions[best];
  if (!found) {
    const there = Object.keys(versions).join(", ") || "none";
    throw new Error(`vitrine-widgets needs ${BASE} ${BASE_RANGE}, but this JupyterLab has ${there}`);
  }
  const factory = await found.get();
  _vitrineBase = factory();
}

const container = {
  init(shared: ShareScope): Promise<void> {
    scope = shared;
    return Promise.resolve();
  },
  async get(module: string): Promise<Factory> {
    if (module !== "./extension") throw new Error(`vitrine-widgets has no module ${module}`);
    await shareBase();
    // Not before: its classes extend those of the module that was just found.
    const { plugin } = await import("./plugin.js");
    return () => ({ __esModule: true, default: plugin });
  },
};

const page = globalThis as { _JUPYTERLAB?: { [name: string]: unknown } };
page._JUPYTERLAB ??= {};
page._JUPYTERLAB["vitrine-widgets"] = container;
