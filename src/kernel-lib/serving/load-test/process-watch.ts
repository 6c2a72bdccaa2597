/** What a service's processes use of the machine while it is measured. */
import type { ServiceStatus } from "../service-status.js";
import type { ProcessLoad } from "./report-data.js";

const INTERVAL = 500;

interface Seen {
  role: string;
  pid: number;
  first: { at: number; cpu: number; memory: number };
  last: { at: number; cpu: number };
  peak: number;
}

export class ProcessWatch {
  private readonly read: () => Promise<ServiceStatus>;
  private readonly seen = new Map<number, Seen>();
  private timer: NodeJS.Timeout | undefined;

  constructor(read: () => Promise<ServiceStatus>) {
    this.read = read;
  }

  start(): void {
    this.timer = setInterval(() => void this.look(), INTERVAL);
    void this.look();
  }

  async stop(): Promise<ProcessLoad[]> {
    clearInterval(this.timer);
    await this.look();
    return [...this.seen.values()].map(({ role, pid, first, last, peak }) => ({
      role,
      pid,
      cores: last.at > first.at ? ((last.cpu - first.cpu) * 1000) / (last.at - first.at) : 0,
      memoryBytes: first.memory,
      peakMemoryBytes: peak,
    }));
  }

  private async look(): Promise<void> {
    // A service that does not answer says so by its errors.
    const status = await this.read().catch(() => undefined);
    if (!status) return;
    const replicas = status.replicas.map((one) => ({ ...one, role: one.role === "active" ? "replica" : one.role }));
    for (const { role, pid, cpuSeconds: cpu, memoryBytes: memory } of [{ ...status, role: "service" }, ...replicas]) {
      const at = performance.now();
      const known = this.seen.get(pid);
      if (!known && memory === 0) continue;
      const first = known?.first ?? { at, cpu, memory };
      this.seen.set(pid, { role, pid, first, last: { at, cpu }, peak: Math.max(known?.peak ?? 0, memory) });
    }
  }
}
