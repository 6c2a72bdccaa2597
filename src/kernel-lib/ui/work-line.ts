/** Long work while it goes: a bar under the cell, or a line now and then in a terminal. What is done at once shows nothing. */
import { randomUUID } from "node:crypto";

import { kernelPort, type KernelPort } from "../comm/port.js";
import type { WorkWatcher } from "../data/work-watcher.js";
import { escapeHtml } from "./html.js";

export interface WorkLineOptions {
  write?: (line: string) => void;
  /** Milliseconds. */
  now?: () => number;
}

/** In the notebook's own colour. */
const BAR = "width:20em;max-width:100%;vertical-align:middle;accent-color:var(--jp-brand-color1,#1976d2)";

/** Between two signs of life, in milliseconds. */
const PAUSE = { bar: 250, line: 2000 } as const;

/** How far long work is: a bar under the cell, or a line now and then in a terminal. */
export class WorkLine implements WorkWatcher {
  private readonly title: string;
  private readonly port: KernelPort | undefined;
  private readonly displayId = randomUUID();
  private readonly write: (line: string) => void;
  private readonly now: () => number;
  private readonly started: number;
  private told: number;
  private isShown = false;
  private last: { done: number; total: number } | undefined;

  constructor(title: string, options: WorkLineOptions = {}) {
    this.title = title;
    this.port = kernelPort();
    this.write = options.write ?? ((line) => process.stderr.write(`${line}\n`));
    this.now = options.now ?? Date.now;
    this.started = this.told = this.now();
  }

  onProgress(progress: { done: number; total: number }): void {
    this.last = progress;
    const now = this.now();
    if (now - this.told < (this.port ? PAUSE.bar : PAUSE.line)) return;
    this.told = now;
    this.tell();
  }

  onEnd(): void {
    if (this.isShown) this.tell(true);
  }

  private tell(isEnd = false): void {
    if (!this.last) return;
    const { done, total } = this.last;
    const text = `${this.title}: ${done} of ${total}, ${this.time(done, total, isEnd)}`;
    if (this.port) {
      const bar = `<progress max="${total}" value="${done}" style="${BAR}"></progress>`;
      const bundle = { "text/html": `<div>${bar} ${escapeHtml(text)}</div>`, "text/plain": text };
      this.port.display(bundle, { displayId: this.displayId, update: this.isShown });
    } else this.write(text);
    this.isShown = true;
  }

  private time(done: number, total: number, isEnd: boolean): string {
    const passed = (this.now() - this.started) / 1000;
    if (done >= total) return `in ${seconds(passed)}`;
    return isEnd
      ? `stopped after ${seconds(passed)}`
      : `about ${seconds((passed / Math.max(done, 1)) * (total - done))} left`;
  }
}

function seconds(value: number): string {
  const whole = Math.max(Math.round(value), 1);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
