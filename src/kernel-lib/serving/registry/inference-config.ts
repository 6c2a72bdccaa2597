/** How a registered model answers: the entry script, and what it needs around it. */
import { VitrineError } from "../../structures/errors.js";
import { knownOptions, textOption } from "../../structures/options.js";
import { Environment } from "./environment.js";

export interface InferenceConfigOptions {
  /** Path of a TypeScript or JavaScript file with `init()` and `run()`; what it imports by relative paths goes with it. */
  entryScript: string;
  /** Nothing but Node and vitrine by default. */
  environment?: Environment;
}

/** How a registered model answers: the entry script, and the environment it needs. */
export class InferenceConfig {
  readonly entryScript: string;
  readonly environment: Environment;

  /** @throws InvalidOption */
  constructor(options: InferenceConfigOptions) {
    knownOptions("InferenceConfig", options, ["entryScript", "environment"]);
    const { entryScript, environment = new Environment({ name: "plain" }) } = options;
    this.entryScript = textOption("entryScript", entryScript);
    if (!(environment instanceof Environment)) {
      const expected = "an Environment";
      throw new VitrineError("InvalidOption", { option: "environment", expected, received: typeof environment });
    }
    this.environment = environment;
  }
}
