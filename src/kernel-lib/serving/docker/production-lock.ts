/**
 * The part of a `package-lock.json` that certain packages need, as a lock of its own: what the tests have run with, to the last
 * version and hash, is what an image installs.
 */
import { VitrineError } from "../../structures/errors.js";

interface LockEntry {
  version?: string;
  link?: boolean;
  dependencies?: Readonly<Record<string, string>>;
  optionalDependencies?: Readonly<Record<string, string>>;
  peerDependencies?: Readonly<Record<string, string>>;
  peerDependenciesMeta?: Readonly<Record<string, { optional?: boolean }>>;
  dev?: boolean;
  devOptional?: boolean;
}

export interface PackageLock {
  lockfileVersion: number;
  packages: Readonly<Record<string, LockEntry>>;
}

export interface ProductionPackage {
  name: string;
  version: string;
  /** Exact versions, by name. */
  dependencies: Readonly<Record<string, string>>;
}

/** The package's folder in an image, a workspace of its root: what is beside it and what is above it stay apart, as they are here. */
export const LIBRARY = "library";

/**
 * @param home where the lock keeps the package that asks, `src/kernel-lib` say
 * @throws InvalidFile that names the package that the lock lacks
 */
export function productionLock(
  lock: PackageLock,
  home: string,
  names: readonly string[],
  of: { name: string; version: string; path: string },
): { root: object; manifest: ProductionPackage; lock: object } {
  const kept = new Map<string, LockEntry>();
  const dependencies: Record<string, string> = {};
  for (const name of names) {
    const place = locate(lock, home, name);
    const found = place === undefined ? undefined : lock.packages[place];
    if (place === undefined || found?.version === undefined) {
      throw new VitrineError("InvalidFile", { path: of.path, where: "packages", expected: name, received: "none" });
    }
    dependencies[name] = found.version;
    keep(lock, place, kept);
  }
  const manifest = { name: of.name, version: of.version, dependencies };
  const entries = [...kept].map(([place, entry]) => [outside(place, home), production(entry)] as const);
  const root = { name: `${of.name}-image`, version: of.version, private: true, workspaces: [LIBRARY] };
  const link = { [`node_modules/${of.name}`]: { resolved: LIBRARY, link: true } };
  const sorted = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  const head = { name: root.name, version: root.version, lockfileVersion: lock.lockfileVersion, requires: true };
  return { root, manifest, lock: { ...head, packages: { "": root, [LIBRARY]: manifest, ...link, ...sorted } } };
}

/** Everything that the package at this place needs, itself included. */
function keep(lock: PackageLock, place: string, kept: Map<string, LockEntry>): void {
  const entry = lock.packages[place];
  if (!entry || kept.has(place)) return;
  kept.set(place, entry);
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = entry;
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  for (const name of [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers]) {
    // Optional ones of another system need not be there.
    const next = locate(lock, place, name);
    if (next !== undefined) keep(lock, next, kept);
  }
}

/** As Node looks for it: beside, then above. */
function locate(lock: PackageLock, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = above(folder)) {
    const place = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (lock.packages[place]) return place;
    if (folder === "") return undefined;
  }
}

function above(folder: string): string {
  const cut = folder.lastIndexOf("/node_modules/");
  return cut < 0 ? "" : folder.slice(0, cut);
}

/** Where it lies in an image. */
const outside = (place: string, home: string): string =>
  place.startsWith(`${home}/node_modules/`) ? `${LIBRARY}${place.slice(home.length)}` : place;

function production({ dev: _dev, devOptional: _devOptional, ...entry }: LockEntry): LockEntry {
  return entry;
}
