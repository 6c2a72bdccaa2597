/** `vitrine annotate FOLDER`: the labelling tool in a browser, without a notebook. */
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { Command, InvalidArgumentError } from "commander";

import { installKernelPort, JUPYTER_DISPLAY } from "../comm/port.js";
import { packageFolder } from "../engine/package-folder.js";
import { ObjectDetectionDataset } from "../data/object-detection-dataset.js";
import { TransferLearningModel } from "../engine/transfer-learning-model.js";
import { Context } from "../structures/context.js";
import { VitrineError } from "../structures/errors.js";
import { AnnotationUI } from "../ui/annotation-ui.js";
import { openAnnotated, taskOption, type Task } from "./annotated-folder.js";
import { PagePort } from "./page-port.js";
import { servePage } from "./page-server.js";

interface Options {
  task?: Task;
  labels?: string[];
  model?: string;
  port: number;
  open: boolean;
}

export function annotateCommand(): Command {
  return new Command("annotate")
    .description("label pictures, or draw boxes in them, in a browser on this machine")
    .argument(
      "<folder>",
      "pictures in one folder a label, or loose; or a data set as Pascal VOC, YOLO, COCO, CSV or JSON lines",
    )
    .addOption(taskOption())
    .option("--labels <label...>", "labels to begin with, beside those that are there")
    .option("--model <path>", "a saved model that suggests labels, and learns from yours")
    .option("--port <number>", "where to listen, on 127.0.0.1 (default: a free port)", portNumber, 0)
    .option("--no-open", "print the address and open no browser")
    .action(annotate);
}

async function annotate(folder: string, options: Options): Promise<void> {
  // No folder for results is made where one happens to stand.
  Context.create({ outputsPath: join(tmpdir(), "vitrine-outputs") });
  const widget = await openTool(resolve(folder), options);
  const pages = new PagePort();
  installKernelPort(pages);
  await widget[JUPYTER_DISPLAY]();
  const server = await servePage(pages, {
    port: options.port,
    folder: join(packageFolder(), "..", "widgets", "dist", "page"),
  });
  const elsewhere = `For other programs: npx vitrine export ${JSON.stringify(folder)} OUT --format coco`;
  process.stdout.write(`${server.url}\nYour labels are saved as you go. Ctrl+C ends.\n${elsewhere}\n`);
  if (options.open) openBrowser(server.url);
  await ended();
  widget.close();
  await server.close();
}

async function openTool(folder: string, { task, labels = [], model }: Options): Promise<AnnotationUI> {
  const pictures = await openAnnotated(folder, task, "include");
  const isBoxes = pictures instanceof ObjectDetectionDataset;
  if (isBoxes && model !== undefined) throw refusedModel(model);
  for (const label of labels) pictures.addLabel(label);
  if (isBoxes) return new AnnotationUI(pictures, { gridSize: [8, 1] });
  const suggests = model === undefined ? {} : { model: await TransferLearningModel.load(model) };
  return new AnnotationUI(pictures, { gridSize: [4, 3], ...suggests });
}

const refusedModel = (received: string) =>
  new VitrineError("InvalidOption", { option: "--model", expected: "no model where boxes are drawn", received });

/** Until the person ends it, or the machine does. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

/** With what the system opens addresses; where that is not there, the printed address does. */
function openBrowser(url: string): void {
  const [command, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}

const OPENERS: { [platform: string]: [command: string, ...args: string[]] | undefined } = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new InvalidArgumentError("Expected a port between 0 and 65535.");
}
