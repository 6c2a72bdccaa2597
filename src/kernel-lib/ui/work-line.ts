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

/** Between two signs of life, in milliseconds. */
const PAUSE = { bar: 250, line: 2000 } as const;

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
    if (this.isShown) this.tell();
  }

  private tell(): void {
    if (!this.last) return;
    const { done, total } = this.last;
    const text = `${this.title}: ${done} of ${total}, ${this.time(done, total)}`;
    if (this.port) {
      const bar = `<progress max="${total}" value="${done}" style="width:20em;vertical-align:middle"></progress>`;
      const bundle = { "text/html": `<div>${bar} ${escapeHtml(text)}</div>`, "text/plain": text };
      this.port.display(bundle, { displayId: this.displayId, update: this.isShown });
    } else this.write(text);
    this.isShown = true;
  }

  private time(done: number, total: number): string {
    const passed = (this.now() - this.started) / 1000;
    return done < total
      ? `about ${seconds((passed / Math.max(done, 1)) * (total - done))} left`
      : `in ${seconds(passed)}`;
  }
}

function seconds(value: number): string {
  const whole = Math.max(Math.round(value), 1);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
