/** An entry script with the models that it needs, as something that can be deployed: a folder with code that its owner wrote. */
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";

import { writeFileAtomic } from "../../structures/atomic-file.js";
import type { DeployableModel } from "../model-versions.js";
import type { ScriptLimits } from "../service-settings.js";
import type { CompiledScript } from "./compile-script.js";
import type { InstalledPackages } from "./installed-packages.js";
import { SCRIPT_FORMAT, type ScriptDocument } from "./script-document.js";

/** A registered model's file or folder, checked against its hashes. */
export interface ScriptModelSource {
  name: string;
  version: number;
  /** Of the file or folder. */
  path: string;
  /** Its own name. */
  base: string;
}

export interface ScriptParts {
  script: CompiledScript;
  models: readonly ScriptModelSource[];
  environment: ScriptDocument["environment"];
  installed: InstalledPackages;
}

export class ScriptedModel implements DeployableModel {
  readonly labels: readonly string[] = [];
  readonly limits: ScriptLimits;
  private readonly parts: ScriptParts;

  constructor(parts: ScriptParts, limits: ScriptLimits) {
    this.parts = parts;
    this.limits = limits;
  }

  async save(path: string): Promise<void> {
    const { script, models, environment, installed } = this.parts;
    await mkdir(join(path, "script"), { recursive: true });
    const file = "script/script.cjs";
    // Stacks then name the files as they were written.
    await writeFileAtomic(join(path, file), `${script.code}\n//# sourceMappingURL=script.cjs.map\n`, "an entry script");
    await writeFileAtomic(join(path, `${file}.map`), besideTheScript(script.map), "an entry script's places");
    for (const model of models) {
      await cp(model.path, join(path, placeOf(model)), { recursive: true });
    }
    const [only] = models;
    const document: ScriptDocument = {
      format: SCRIPT_FORMAT,
      version: 1,
      entry: script.entry,
      file,
      modelDir: only && models.length === 1 ? `models/${only.name}/${only.version}` : "models",
      models: models.map((model) => ({ name: model.name, version: model.version, path: placeOf(model) })),
      environment,
      installed: installed.versions,
      moduleFolders: installed.folders,
    };
    await mkdir(join(path, "models"), { recursive: true });
    await writeFileAtomic(join(path, "model.json"), `${JSON.stringify(document, null, 2)}\n`, "a model");
  }
}

const placeOf = ({ name, version, base }: ScriptModelSource) => `models/${name}/${version}/${base}`;

/** All sources as if they lay beside it, so that a place in a stack is known for the script's. */
function besideTheScript(map: string): string {
  const parsed = JSON.parse(map) as { sources: string[] };
  return JSON.stringify({ ...parsed, sources: parsed.sources.map((source) => source.replaceAll("../", "")) });
}
