/** The folder that an image is built from: the Dockerfile, the part of the library that serves, its locked packages, the model. */
import { existsSync } from "node:fs";
import { cp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";

import { packageFolder, packageVersion } from "../../engine/package-folder.js";
import { VitrineError } from "../../structures/errors.js";
import type { ImageDocument } from "../container/image-document.js";
import { addVersion, modelFolder, type DeployableModel } from "../model-versions.js";
import { scriptDocument, type ScriptDocument } from "../scripts/script-document.js";
import type { ServiceSettings } from "../service-settings.js";
import { DOCKERIGNORE, dockerfile } from "./dockerfile.js";
import { LIBRARY, productionLock, type PackageLock } from "./production-lock.js";
import { runtimeFiles, WHOLE_LIBRARY } from "./runtime-files.js";

export interface ContextContent {
  /** Of the service. */
  name: string;
  model: DeployableModel | { versions: string; number: number };
  /** Of the model, where it is yet to be written; 1 by default. */
  version?: number | undefined;
  settings: ServiceSettings;
  baseImage: string | undefined;
}

/** So that a folder of ours is known from one that is somebody's own. */
const MARK = "service.json";

/**
 * Writes it beside the target, then renames; a context that was there before is replaced.
 * @throws CannotWrite where something else is there, MissingFile where the library is not built
 */
export async function writeContext(path: string, content: ContextContent): Promise<void> {
  if (existsSync(path) && !existsSync(join(path, MARK))) {
    const reason = "there is something else of that name, which is not overwritten";
    throw new VitrineError("CannotWrite", { path, what: "a build context", reason });
  }
  const beside = join(dirname(path), `.${basename(path)}-${process.pid}-${Date.now()}`);
  try {
    const modelVersion = await writeModel(join(beside, "versions"), content);
    const script = await readScript(modelFolder(join(beside, "versions"), modelVersion));
    const engine = await writeLibrary(join(beside, "app"), script === undefined ? [] : [WHOLE_LIBRARY]);
    const document: ImageDocument = {
      format: "vitrine.image",
      version: 1,
      name: content.name,
      modelVersion,
      createdAt: new Date().toISOString(),
      settings: forContainer(content.settings),
    };
    await writeFile(join(beside, MARK), json(document));
    await writeFile(
      join(beside, "Dockerfile"),
      dockerfile(content.baseImage, { engine, packages: script?.installed ?? {} }),
    );
    await writeFile(join(beside, ".dockerignore"), DOCKERIGNORE);
    await rm(path, { recursive: true, force: true });
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof VitrineError || code === undefined) throw cause;
    throw new VitrineError("CannotWrite", { path, what: "a build context", reason: code }, { cause });
  }
}

/** What is this machine's alone stays here; and another replica stands ready in another container. */
const forContainer = (settings: ServiceSettings): ServiceSettings => ({
  ...settings,
  host: "0.0.0.0",
  port: 0,
  tls: null,
  spare: false,
});

async function writeModel(versions: string, { model, version = 1 }: ContextContent): Promise<number> {
  if (!("versions" in model)) return (await addVersion(versions, model, version)).number;
  const number = String(model.number);
  await cp(join(model.versions, number), join(versions, number), { recursive: true });
  return model.number;
}

/** What the model's folder says of its entry script; undefined where it has none. */
async function readScript(folder: string): Promise<ScriptDocument | undefined> {
  const document: unknown = JSON.parse(await readFile(join(folder, "model.json"), "utf8").catch(() => "null"));
  return scriptDocument.safeParse(document).data;
}

/**
 * Whether TensorFlow can be installed from it.
 * @param beside files of the package that more is needed of
 */
async function writeLibrary(app: string, beside: readonly string[]): Promise<boolean> {
  const folder = packageFolder();
  const { files, packages } = runtimeFiles(folder, undefined, beside);
  for (const file of files) await cp(join(folder, file), join(app, LIBRARY, file));
  const root = lockFolder(folder);
  const path = join(root, "package-lock.json");
  const whole = JSON.parse(await readFile(path, "utf8")) as PackageLock;
  const home = relative(root, folder).split(sep).join("/");
  const {
    root: above,
    manifest,
    lock,
  } = productionLock(whole, home, packages, { name: "vitrine", version: packageVersion(), path });
  await writeFile(join(app, "package.json"), json(above));
  await writeFile(join(app, LIBRARY, "package.json"), json({ ...manifest, type: "commonjs", main: WHOLE_LIBRARY }));
  await writeFile(join(app, "package-lock.json"), json(lock));
  const steps = join(root, "scripts", "steps");
  if (!existsSync(join(steps, "engine.mjs"))) return false;
  await cp(join(steps, "engine.mjs"), join(app, "scripts", "steps", "engine.mjs"));
  await cp(join(steps, "engine"), join(app, "scripts", "steps", "engine"), { recursive: true });
  await cp(join(root, "scripts", "install-engine.mjs"), join(app, "scripts", "install-engine.mjs"));
  return true;
}

/** The nearest folder with a lock. */
function lockFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package-lock.json"))) return folder;
    if (folder === dirname(folder)) {
      const reason = "there is none above it, so nobody knows which versions were tested";
      throw new VitrineError("MissingFile", { path: from, what: "a package-lock.json", reason });
    }
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
