/** Registered models and their entry script as something that a deployment can serve. */
import { cp } from "node:fs/promises";

import { VitrineError } from "../../structures/errors.js";
import type { DeployableModel } from "../model-versions.js";
import { compileScript } from "../scripts/compile-script.js";
import { findPackages } from "../scripts/installed-packages.js";
import { ScriptedModel, type ScriptModelSource } from "../scripts/scripted-model.js";
import type { ScriptLimits } from "../service-settings.js";
import { InferenceConfig } from "./inference-config.js";

/** What is used of a registered model. */
export interface DeployedModel {
  readonly name: string;
  readonly version: number;
  readonly base: string;
  check(): Promise<string>;
}

export interface DeployedParts {
  models: readonly DeployedModel[];
  inferenceConfig?: InferenceConfig | undefined;
}

/** @throws InvalidOption, MissingFile, InvalidFile */
export async function deployable(
  { models, inferenceConfig }: DeployedParts,
  limits: ScriptLimits,
): Promise<DeployableModel> {
  if (inferenceConfig === undefined) return savedModel(models);
  if (!((inferenceConfig as unknown) instanceof InferenceConfig)) {
    const expected = "an InferenceConfig";
    throw new VitrineError("InvalidOption", { option: "inferenceConfig", expected, received: typeof inferenceConfig });
  }
  const { entryScript, environment } = inferenceConfig;
  environment.checkNode();
  const script = await compileScript(entryScript);
  const installed = findPackages(script, environment.packages);
  const sources: ScriptModelSource[] = [];
  for (const model of models) sources.push({ ...pick(model), path: await model.check() });
  const { name, node = null, packages, variables } = environment;
  return new ScriptedModel(
    { script, models: sources, environment: { name, node, packages, variables }, installed },
    limits,
  );
}

const pick = ({ name, version, base }: DeployedModel) => ({ name, version, base });

/** Without a script only vitrine's own models know how to answer. */
async function savedModel(models: readonly DeployedModel[]): Promise<DeployableModel> {
  const [model, second] = models;
  if (!model || second) {
    const expected = "one model where there is no inferenceConfig";
    throw new VitrineError("InvalidOption", { option: "models", expected, received: String(models.length) });
  }
  const source = await model.check();
  return { labels: [], save: (path) => cp(source, path, { recursive: true }) };
}
