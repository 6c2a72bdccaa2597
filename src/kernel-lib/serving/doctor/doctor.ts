/** What is right here, what is not, and the next step: for the notebook, for images, for a cluster. */
import { knownOptions, textOption } from "../../structures/options.js";
import { checkPlace, type KubernetesPlace } from "../kubernetes/kubernetes-options.js";
import type { Check } from "./check.js";
import { clusterChecks } from "./cluster-checks.js";
import { engineChecks, registryChecks } from "./image-checks.js";
import { machineChecks } from "./machine-checks.js";

export interface DoctorOptions {
  /** Which cluster and namespace; kubectl's by default. */
  kubernetes?: KubernetesPlace;
  /** A registry that images are to be sent to. */
  registry?: string;
  /** What is needed, beside the machine itself: its absence is wrong then. */
  require?: readonly ("docker" | "kubernetes")[];
}

/** What is right here, what is not, and the next step; as a cell's value a table. */
export class DoctorReport {
  readonly checks: readonly Check[];

  constructor(checks: readonly Check[]) {
    this.checks = checks;
  }

  /** Nothing is wrong. */
  get fit(): boolean {
    return this.checks.every(({ state }) => state !== "wrong");
  }

  toJSON(): { fit: boolean; checks: readonly Check[] } {
    return { fit: this.fit, checks: this.checks };
  }

  toString(): string {
    const width = (pick: (one: Check) => string) => Math.max(...this.checks.map((one) => pick(one).length));
    const [topics, names] = [width(({ topic }) => topic), width(({ name }) => name)];
    const indent = " ".repeat(topics + names + 6);
    const lines = this.checks.map(({ topic, name, state, found, next }) => {
      const head = `${MARKS[state]} ${topic.padEnd(topics)}  ${name.padEnd(names)}  ${found}`;
      return next === "" ? head : `${head}\n${indent}→ ${next}`;
    });
    const wrong = this.checks.filter(({ state }) => state === "wrong").length;
    const sum = wrong === 0 ? "Nothing is wrong." : `${wrong} ${wrong === 1 ? "thing is" : "things are"} wrong.`;
    return `${lines.join("\n")}\n${sum}`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const MARKS = { right: "✓", absent: "–", warning: "!", wrong: "✗" } as const;

/** @throws InvalidOption */
export async function examine(options: DoctorOptions = {}): Promise<DoctorReport> {
  knownOptions("examine", options, ["kubernetes", "registry", "require"]);
  const required = options.require ?? [];
  const place = checkPlace(options.kubernetes ?? {});
  const registry = options.registry === undefined ? [] : await registryChecks(textOption("registry", options.registry));
  const checks = [
    ...(await machineChecks()),
    ...(await engineChecks(required.includes("docker"))),
    ...registry,
    ...(await clusterChecks(place, required.includes("kubernetes"))),
  ];
  return new DoctorReport(checks);
}
