/**
 * Where the names in a cell's imports lead, for the type checker.
 *
 * As `require` does it at run time: by `exports` maps first (tslab's own resolution predates them), by the old rules where there
 * are none. `vitrine` that can't be found from the notebook's folder is this installation.
 */
import { dirname, join } from "node:path";

import * as ts from "@tslab/typescript-for-tslab";

import { PACKAGE_ROOT } from "../kernel-info.js";
import type { ParsedFile } from "./internals.js";

type Resolution = ts.ResolvedModuleWithFailedLookupLocations;
type TypesResolution = ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations;

interface RoundCache {
  readonly options: ts.CompilerOptions;
  readonly lookups: ts.ModuleResolutionCache;
}

const OWN_NAME = /^vitrine(\/|$)/;

export class ModuleResolver {
  readonly host: ts.ModuleResolutionHost & {
    directoryExists(name: string): boolean;
    getDirectories(name: string): string[];
    getCurrentDirectory(): string;
  };
  private readonly options: ts.CompilerOptions;
  private readonly modules = new Map<string, Resolution>();
  /** What one round has read of the folders and package.json files on its way. */
  private readonly caches = new Map<ts.ModuleResolutionKind, RoundCache>();
  private readonly types = new Map<string, TypesResolution>();

  constructor(system: ts.System, options: ts.CompilerOptions) {
    // `outDir` would make TypeScript guess at sources behind a package's own name.
    const { outDir: _outDir, declaration: _declaration, rootDir: _rootDir, ...rest } = options;
    this.options = rest;
    this.host = {
      fileExists: (name) => system.fileExists(name),
      readFile: (name) => system.readFile(name),
      directoryExists: (name) => system.directoryExists(name),
      getDirectories: (name) => system.getDirectories(name),
      getCurrentDirectory: () => system.getCurrentDirectory(),
      realpath: (name) => system.realpath?.(name) ?? name,
    };
  }

  /** Forgets what was not found: it may be there now. */
  beginRound(): void {
    this.caches.clear();
  }

  resolve(name: string, from: string): Resolution {
    const key = `${name}\0${dirname(from)}`;
    const known = this.modules.get(key);
    if (known) return known;
    const found = this.find(name, from);
    // A package stays where it is; a file beside the notebook may come, go or be replaced by another.
    const isLasting = !name.startsWith(".") || from.includes("/node_modules/");
    if (found.resolvedModule && isLasting) this.modules.set(key, found);
    return found;
  }

  resolveTypes(reference: ts.FileReference | string, from: string): TypesResolution {
    const name = typeof reference === "string" ? reference : reference.fileName;
    const key = `${name}\0${dirname(from)}`;
    const known = this.types.get(key) ?? ts.resolveTypeReferenceDirective(name, from, this.options, this.host);
    this.types.set(key, known);
    return known;
  }

  /** The sources that `file` imports, directly or not, and itself. Declarations end the walk: they are not compiled. */
  dependencies(file: ts.SourceFile, sourceOf: (name: string) => ts.SourceFile | undefined): readonly string[] {
    const found = new Set([file.fileName]);
    const visit = (current: ParsedFile) => {
      for (const { text } of current.imports ?? []) {
        const name = this.resolve(text, current.fileName).resolvedModule?.resolvedFileName;
        const source = name === undefined || found.has(name) || name.endsWith(".d.ts") ? undefined : sourceOf(name);
        if (!source) continue;
        found.add(source.fileName);
        visit(source);
      }
    };
    visit(file);
    return [...found];
  }

  private find(name: string, from: string): Resolution {
    const found = this.by(ts.ModuleResolutionKind.Node16, name, from);
    if (found.resolvedModule) return found;
    const old = this.by(ts.ModuleResolutionKind.Node10, name, from);
    if (old.resolvedModule || !OWN_NAME.test(name)) return old;
    return this.by(ts.ModuleResolutionKind.Node16, name, join(PACKAGE_ROOT, "cell.ts"));
  }

  private by(moduleResolution: ts.ModuleResolutionKind, name: string, from: string): Resolution {
    let cache = this.caches.get(moduleResolution);
    if (!cache) {
      const options = { ...this.options, moduleResolution };
      const lookups = ts.createModuleResolutionCache(this.host.getCurrentDirectory(), (path) => path, options);
      cache = { options, lookups };
      this.caches.set(moduleResolution, cache);
    }
    return ts.resolveModuleName(name, from, cache.options, this.host, cache.lookups, undefined, ts.ModuleKind.CommonJS);
  }
}
