/** `vitrine score-batch INPUT OUTPUT`: a large folder of pictures, scored by several workers. */
import { Command, InvalidArgumentError } from "commander";

import { scoreFolder } from "../serving/batch/batch-scoring.js";
import type { BatchOptions } from "../serving/batch/batch-options.js";
import { interruptSignal } from "./interrupt-signal.js";

interface Options {
  model?: string;
  workers?: number;
  shards?: number;
  lease: number;
  name?: string;
  ray?: string;
  image?: string;
  claim?: string;
  context?: string;
  namespace?: string;
  json?: true;
}

export function scoreBatchCommand(): Command {
  return new Command("score-batch")
    .description("score all pictures of a folder, by several workers; what is done already is not done again")
    .argument("<input>", "folder of pictures")
    .argument("<output>", "folder for the results: shards/*.jsonl, a line a picture")
    .option("--model <folder>", "of a saved model")
    .option("--workers <number>", "processes or pods at a time", numeric)
    .option("--shards <number>", "parts that are done as a whole", numeric)
    .option("--lease <seconds>", "silence after which a worker's part goes to another", numeric, 30)
    .option("--name <name>", "in a cluster")
    .option("--ray <address>", "by the jobs of a Ray cluster: http://127.0.0.1:8265")
    .option("--image <image>", "by a Kubernetes Job of this image, with --claim")
    .option("--claim <name>", "the volume that input and output lie in")
    .option("--context <name>", "of the kubeconfig")
    .option("--namespace <name>", "of the cluster")
    .option("--json", "print the report as JSON")
    .action(run);
}

async function run(input: string, output: string, options: Options): Promise<void> {
  const { model, workers, shards, lease, name, json = false } = options;
  const print = (line: string) => process.stderr.write(`${line}\n`);
  const given = {
    ...(model !== undefined && { model }),
    ...(workers !== undefined && { workers }),
    ...(shards !== undefined && { shards }),
    ...(name !== undefined && { name }),
  };
  const report = await scoreFolder({
    input,
    output,
    leaseSeconds: lease,
    progress: print,
    signal: interruptSignal(),
    ...given,
    ...place(options),
  });
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : String(report)}\n`);
}

function place({ ray, image, claim = "", context, namespace }: Options): Partial<BatchOptions> {
  if (ray !== undefined) return { environment: "ray", ray: { address: ray } };
  if (image === undefined) return {};
  const where = { ...(context !== undefined && { context }), ...(namespace !== undefined && { namespace }) };
  return { environment: "kubernetes", kubernetes: { image, claim, ...where } };
}

function numeric(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("Expected a number.");
  return value;
}
