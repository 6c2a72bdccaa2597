/** A service's status as a cell's value. */
import type { PodStatus, ReplicaStatus, ServiceState, ServiceStatus } from "./service-status.js";

/** How a service is: ready or not, its processes, what they take; as a cell's value a table. */
export class DeploymentStatus implements ServiceStatus {
  readonly name!: string;
  readonly environment!: string;
  readonly state!: ServiceState;
  readonly uri!: string;
  readonly version!: number;
  readonly previous!: readonly number[];
  readonly labels!: readonly string[];
  readonly model!: string;
  readonly replicas!: readonly ReplicaStatus[];
  readonly pods?: readonly PodStatus[];
  readonly wanted!: number;
  readonly queue!: { waiting: number; capacity: number };
  readonly restarts!: number;
  readonly lastFailure!: string;
  readonly pid!: number;
  readonly cpuSeconds!: number;
  readonly memoryBytes!: number;
  readonly seconds!: number;

  constructor(status: ServiceStatus) {
    Object.assign(this, status);
  }

  toString(): string {
    const { rows } = this;
    const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
    const lines = rows.map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    );
    return [this.headline, ...(this.hasRows ? lines : [])].join("\n");
  }

  [Symbol.for("Jupyter.display")](): { "text/plain": string; "text/html": string } {
    const [head = [], ...rows] = this.rows;
    const align = (i: number) => `style="text-align:${i === 0 ? "left" : "right"}"`;
    const cells = (row: readonly string[], tag: string) =>
      `<tr>${row.map((c, i) => `<${tag} ${align(i)}>${c}</${tag}>`).join("")}</tr>`;
    const table = `<table><thead>${cells(head, "th")}</thead><tbody>${rows.map((row) => cells(row, "td")).join("")}</tbody></table>`;
    const html = `<p>${escape(this.headline)}</p>${this.hasRows ? table : ""}`;
    return { "text/plain": this.toString(), "text/html": html };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  private get headline(): string {
    const { name, state, uri, version, model, restarts, lastFailure } = this;
    const what = model === "" ? "" : `, ${model}`;
    const again = restarts === 0 ? "" : `; ${restarts} replica${restarts === 1 ? "" : "s"} replaced`;
    const failure = lastFailure === "" ? "" : `; last failure: ${lastFailure}`;
    return `${name}: ${state}${uri === "" ? "" : ` at ${uri}/score`}, version ${version}${what}${again}${failure}`;
  }

  private get hasRows(): boolean {
    return this.replicas.length > 0 || (this.pods?.length ?? 0) > 0;
  }

  private get rows(): string[][] {
    if (this.pods) return [[...POD_COLUMNS], ...this.pods.map(podRow)];
    const service = ["service", this.pid, "", "", this.cpuSeconds, this.memoryBytes, this.seconds] as const;
    const replicas = this.replicas.map(
      ({ role, pid, version, pictures, cpuSeconds, memoryBytes, seconds }) =>
        [role, pid, version, pictures, cpuSeconds, memoryBytes, seconds] as const,
    );
    const lines = [service, ...replicas].map(([role, pid, version, pictures, cpu, memory, seconds]) =>
      [
        role,
        pid,
        version,
        pictures,
        `${cpu.toFixed(1)} s`,
        `${(memory / 1e6).toFixed(0)} MB`,
        `${seconds.toFixed(0)} s`,
      ].map(String),
    );
    return [[...COLUMNS], ...lines];
  }
}

const COLUMNS = ["process", "pid", "version", "pictures", "CPU", "memory", "age"] as const;

const POD_COLUMNS = ["pod", "phase", "ready", "restarts", "node", "age"] as const;

const podRow = ({ name, phase, ready, restarts, node, seconds }: PodStatus): string[] => [
  name,
  phase,
  ready ? "yes" : "no",
  String(restarts),
  node,
  `${seconds.toFixed(0)} s`,
];

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
