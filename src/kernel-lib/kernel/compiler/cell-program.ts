/**
 * The program that type-checks and emits cells: what TypeScript's watch program is for tslab's converter, made for a notebook.
 *
 * The watch program walks the references of every imported file afresh for each cell (its "builder state", which serves a
 * `--build` that nobody runs here), makes a whole program only to learn the names that a cell declares, and polls every imported
 * file. Here a program is made when somebody asks for it, on top of the one before; names come from the parser and binder alone;
 * and a file that the user may edit is looked at when a cell runs.
 */
import { dirname } from "node:path";

import * as ts from "@tslab/typescript-for-tslab";

import { AMBIENT_FILE, AMBIENT_TEXT } from "./ambient.js";
import { internals, type ForcingProgram } from "./internals.js";
import { ModuleResolver } from "./module-resolver.js";
import { expandShorthand } from "./shorthand.js";

/** What tslab's converter hands over: the arguments of `createWatchCompilerHost`. */
export interface ProgramHost {
  readonly rootFiles: readonly string[];
  readonly options: ts.CompilerOptions;
  readonly system: ts.System;
  /** Set by the converter; called with each new builder. */
  afterProgramCreate?: (builder: CellBuilder) => void;
}

/** The part of TypeScript's builder program that tslab's converter uses. */
export interface CellBuilder {
  getSourceFile(name: string): ts.SourceFile | undefined;
  getProgram(): ts.Program;
  getAllDependencies(file: ts.SourceFile): readonly string[];
  emit(
    file: ts.SourceFile,
    write: ts.WriteFileCallback,
    cancel?: ts.CancellationToken,
    onlyDeclarations?: boolean,
    transformers?: ts.CustomTransformers,
  ): ts.EmitResult;
}

interface DiskFile {
  readonly source: ts.SourceFile;
  /** Milliseconds; `undefined` for a library's file, which is read once. */
  readonly modified: number | undefined;
}

export class CellProgram {
  private readonly host: ProgramHost;
  private readonly options: ts.CompilerOptions;
  private readonly resolver: ModuleResolver;
  private readonly compilerHost: ts.CompilerHost;
  private readonly watchers: Map<string, ts.FileWatcherCallback>;
  private readonly onSourceMap: (map: string) => void;
  private readonly disk = new Map<string, DiskFile>();
  private readonly ambient: ts.SourceFile;
  /** The cell, the declarations of those before it, and its named modules; parsed anew in each round. */
  private virtual = new Map<string, ts.SourceFile>();
  private roots: readonly string[];
  private program: ts.Program | undefined;
  private stale = true;

  /** `watchers` are the converter's, by file; `onSourceMap` receives the map of each cell's emit. */
  constructor(host: ProgramHost, watchers: Map<string, ts.FileWatcherCallback>, onSourceMap: (map: string) => void) {
    this.host = host;
    this.watchers = watchers;
    this.onSourceMap = onSourceMap;
    this.roots = host.rootFiles;
    this.options = { ...host.options, lib: libraries(), sourceMap: true };
    this.resolver = new ModuleResolver(host.system, this.options);
    this.options.types = ts.getAutomaticTypeDirectiveNames(this.options, this.resolver.host);
    this.ambient = ts.createSourceFile(AMBIENT_FILE, AMBIENT_TEXT, ts.ScriptTarget.ES2022, true);
    this.compilerHost = this.createHost();
    this.watch(this.roots);
    this.refresh();
  }

  /** As of TypeScript's watch program. */
  updateRootFileNames(roots: readonly string[]): void {
    this.watch(roots.filter((root) => !this.roots.includes(root)));
    this.roots = roots;
    this.schedule();
  }

  close(): void {
    this.program = undefined;
    this.disk.clear();
  }

  private watch(roots: readonly string[]): void {
    for (const root of roots) this.host.system.watchFile?.(root, () => this.schedule());
  }

  /** The converter debounces by the system's timer and fires it itself. */
  private timer: unknown;
  private schedule(): void {
    if (this.timer !== undefined) this.host.system.clearTimeout?.(this.timer);
    this.timer = this.host.system.setTimeout?.(() => {
      this.timer = undefined;
      this.refresh();
    }, 0);
  }

  private refresh(): void {
    this.virtual = new Map();
    this.stale = true;
    this.resolver.beginRound();
    this.forgetEditedFiles();
    this.host.afterProgramCreate?.(this.builder());
  }

  private builder(): CellBuilder {
    return {
      getSourceFile: (name) => (this.roots.includes(name) ? this.bound(name) : this.current().getSourceFile(name)),
      getProgram: () => this.current(),
      getAllDependencies: (file) => this.resolver.dependencies(file, (name) => this.current().getSourceFile(name)),
      emit: (file, write, cancel, onlyDeclarations, transformers) => {
        const program = this.current() as unknown as ForcingProgram;
        const all = this.transformers(transformers);
        // The next cell must know what this one declares, whatever types it has made.
        return program.emit(file, this.withoutMaps(write), cancel, onlyDeclarations, all, true);
      },
    };
  }

  /** A root file with its `locals`, which the binder finds without a program. */
  private bound(name: string): ts.SourceFile | undefined {
    const file = this.sourceOf(name);
    if (file) internals.bindSourceFile(file, this.options);
    return file;
  }

  private current(): ts.Program {
    if (!this.program || this.stale) {
      this.program = ts.createProgram({
        rootNames: [...this.roots, AMBIENT_FILE],
        options: this.options,
        host: this.compilerHost,
        ...(this.program ? { oldProgram: this.program } : {}),
      });
      this.stale = false;
    }
    return this.program;
  }

  private createHost(): ts.CompilerHost {
    const { system } = this.host;
    return {
      ...this.resolver.host,
      getSourceFile: (name) => this.sourceOf(name),
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      getDefaultLibLocation: () => dirname(ts.getDefaultLibFilePath(this.options)),
      getCurrentDirectory: () => system.getCurrentDirectory(),
      getCanonicalFileName: (name) => name,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => "\n",
      writeFile: () => undefined,
      resolveModuleNameLiterals: (literals, from) => literals.map(({ text }) => this.resolver.resolve(text, from)),
      resolveTypeReferenceDirectiveReferences: (references, from) =>
        references.map((reference) => this.resolver.resolveTypes(reference, from)),
    };
  }

  private sourceOf(name: string): ts.SourceFile | undefined {
    if (name === AMBIENT_FILE) return this.ambient;
    if (!this.roots.includes(name)) return this.fromDisk(name);
    const known = this.virtual.get(name);
    if (known) return known;
    const text = this.host.system.readFile(name);
    if (text === undefined) return undefined;
    const file = this.parse(name, text);
    this.virtual.set(name, file);
    return file;
  }

  private fromDisk(name: string): ts.SourceFile | undefined {
    const known = this.disk.get(name);
    if (known) return known.source;
    const text = this.host.system.readFile(name);
    if (text === undefined) return undefined;
    const source = this.parse(name, text);
    this.disk.set(name, { source, modified: isLibrary(name) ? undefined : this.modified(name) });
    // The converter keeps its own notes on each file, which it wants to be told about.
    if (!isLibrary(name)) this.host.system.watchFile?.(name, () => undefined);
    return source;
  }

  private parse(name: string, text: string): ts.SourceFile {
    return ts.createSourceFile(name, text, { languageVersion: this.options.target ?? ts.ScriptTarget.ES2022 }, true);
  }

  private forgetEditedFiles(): void {
    for (const [name, { modified }] of this.disk) {
      if (modified === undefined || modified === this.modified(name)) continue;
      this.disk.delete(name);
      this.watchers.get(name)?.(name, ts.FileWatcherEventKind.Changed);
    }
  }

  private modified(name: string): number {
    return this.host.system.getModifiedTime?.(name)?.getTime() ?? 0;
  }

  private transformers(given: ts.CustomTransformers | undefined): ts.CustomTransformers {
    const declarations = this.virtual.get(this.host.rootFiles[0] ?? "");
    const shorthand = expandShorthand(this.current().getTypeChecker(), declarations);
    return { ...given, before: [shorthand, ...(given?.before ?? [])] };
  }

  /** The cell's own map is kept aside; the converter wants the code alone. */
  private withoutMaps(write: ts.WriteFileCallback): ts.WriteFileCallback {
    return (name, text, ...rest) => {
      if (!name.endsWith(".map")) write(name, text.replace(/\n\/\/# sourceMappingURL=[^\n]*\s*$/, "\n"), ...rest);
      else if (name.endsWith("__tslab__.js.map")) this.onSourceMap(text);
    };
  }
}

/** Files that a user does not edit while a kernel runs. */
function isLibrary(name: string): boolean {
  return name.includes("/node_modules/") || name.endsWith(".d.ts");
}

/** What Node 20 offers, whatever tslab took for it. */
function libraries(): string[] {
  return ["lib.es2023.d.ts"];
}
