/** `vitrine doctor`: what is right on this machine and in the cluster, what is not, and the next step. */
import { Command, InvalidArgumentError } from "commander";

import { examine, type DoctorOptions } from "../serving/doctor/doctor.js";

/** Exit status where something is wrong. */
const UNFIT = 3;

const PARTS = ["docker", "kubernetes"] as const;
type Part = (typeof PARTS)[number];

interface Options {
  kubeconfig?: string;
  context?: string;
  namespace?: string;
  registry?: string;
  require?: Part[];
  json?: boolean;
}

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("what is right here, what is not, and the next step")
    .option("--kubeconfig <path>", "in place of $KUBECONFIG and ~/.kube/config")
    .option("--context <name>", "of the kubeconfig (default: the current one)")
    .option("--namespace <name>", "of the cluster")
    .option("--registry <name>", "that images are sent to: registry.example/team")
    .option("--require <part>", `what must be there: ${PARTS.join(", ")}; repeatable`, part)
    .option("--json", "print it as JSON")
    .action(run);
}

async function run({
  kubeconfig,
  context,
  namespace,
  registry,
  require: required,
  json = false,
}: Options): Promise<void> {
  const kubernetes = {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    ...(namespace !== undefined && { namespace }),
  };
  // Who names a cluster means to have it.
  const named: Part[] = Object.keys(kubernetes).length > 0 ? ["kubernetes"] : [];
  const options: DoctorOptions = {
    kubernetes,
    ...(registry !== undefined && { registry }),
    require: [...(required ?? []), ...named],
  };
  const report = await examine(options);
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : String(report)}\n`);
  if (!report.fit) process.exitCode = UNFIT;
}

function part(text: string, before: Part[] = []): Part[] {
  const found = PARTS.find((name) => name === text);
  if (!found) throw new InvalidArgumentError(`Expected one of ${PARTS.join(", ")}.`);
  return [...before, found];
}
