/** `model.json` of an entry script with its models: what a replica needs to run it. */
import { z } from "zod";

export const SCRIPT_FORMAT = "vitrine.Script";

export const scriptDocument = z.object({
  format: z.literal(SCRIPT_FORMAT),
  version: z.literal(1),
  /** As its author calls it. */
  entry: z.string(),
  /** Compiled; beside this file. */
  file: z.string(),
  /** What `VITRINE_MODEL_DIR` names: one model's own folder, or the folder of all. */
  modelDir: z.string(),
  models: z.array(z.object({ name: z.string(), version: z.number().int(), path: z.string() })),
  environment: z.object({
    name: z.string(),
    node: z.string().nullable(),
    /** Ranges of versions by package. */
    packages: z.record(z.string(), z.string()),
    variables: z.record(z.string(), z.string()),
  }),
  /** Versions that were installed when the script was deployed. */
  installed: z.record(z.string(), z.string()),
  /** Folders of packages, nearest first, on the machine that deployed it. */
  moduleFolders: z.array(z.string()),
});

export type ScriptDocument = z.infer<typeof scriptDocument>;
