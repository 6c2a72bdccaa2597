/** How a model is handed to other programs. */
import { extname, resolve } from "node:path";

import { choiceOption, knownOptions, textOption } from "../structures/options.js";

export type ExportFormat = "safetensors" | "onnx";

export interface ExportOptions {
  /** By default what the path ends in. */
  format?: ExportFormat;
}

/** @throws InvalidOption */
export function checkExportOptions(path: string, options: ExportOptions): { path: string; format: ExportFormat } {
  knownOptions("export", options, ["format"]);
  const file = textOption("path", path);
  const format = choiceOption("format", options.format ?? extname(file).slice(1), ["safetensors", "onnx"]);
  return { path: resolve(file), format };
}
