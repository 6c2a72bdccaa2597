/** How a model is handed to other programs. */
import { extname, resolve } from "node:path";

import { choiceOption, knownOptions, textOption } from "../structures/options.js";

export type ExportFormat = "safetensors" | "onnx" | "tfjs";

export interface ExportOptions {
  /** By default what the path ends in; "tfjs" where that is .json. */
  format?: ExportFormat;
}

/** @throws InvalidOption */
export function checkExportOptions(path: string, options: ExportOptions): { path: string; format: ExportFormat } {
  knownOptions("export", options, ["format"]);
  const file = textOption("path", path);
  const ending = extname(file).slice(1);
  const format = options.format ?? (ending === "json" ? "tfjs" : ending);
  return { path: resolve(file), format: choiceOption("format", format, ["safetensors", "onnx", "tfjs"]) };
}
