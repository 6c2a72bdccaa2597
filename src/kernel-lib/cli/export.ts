/** `vitrine export FOLDER OUT`: what was labelled or drawn in a folder, for other programs. */
import { resolve } from "node:path";

import { Command, Option } from "commander";

import { EXPORT_FORMATS, type DatasetFormat } from "../data/formats/export-folder.js";
import { openAnnotated, taskOption, type Task } from "./annotated-folder.js";

interface Options {
  format: DatasetFormat;
  task?: Task;
  overwrite: boolean;
}

export function exportCommand(): Command {
  return new Command("export")
    .description("write a folder's pictures with the labels or boxes that they have got, for other programs")
    .argument("<folder>", "as for annotate")
    .argument("<out>", "the folder that is made")
    .addOption(
      new Option("--format <format>", "labels: folders, coco, csv, jsonl; boxes: voc, coco, yolo, csv, jsonl")
        .choices(EXPORT_FORMATS)
        .makeOptionMandatory(),
    )
    .addOption(taskOption())
    .option("--overwrite", "replace a folder that is there already", false)
    .action(exportFolder);
}

async function exportFolder(given: string, out: string, { format, task, overwrite }: Options): Promise<void> {
  const folder = resolve(given);
  // A picture that nobody has drawn on would be one without objects to whoever learns from it.
  const dataset = await openAnnotated(folder, task, "leaveOut");
  await dataset.export(resolve(out), { format, overwrite });
  process.stdout.write(`${resolve(out)}: ${dataset.size()} pictures\n`);
  for (const { path, reason } of dataset.problems) process.stderr.write(`${path}: ${reason}\n`);
}
