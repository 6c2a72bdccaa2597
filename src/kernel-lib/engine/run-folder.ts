/**
 * A training on the disk, for who looks at it next year: what it was told (`config.json`), on what machine and versions
 * (`environment.json`), its curves (`history.csv`), and how it ended (`result.json`). Every file is there whole or not at all.
 */
import { existsSync } from "node:fs";
import { arch, availableParallelism, cpus, hostname, platform, release, totalmem } from "node:os";
import { join } from "node:path";

import { HISTORY_FILE, historyCsv } from "../data/run-history.js";
import { writeFileAtomic } from "../structures/atomic-file.js";
import type { EpochReport } from "../structures/training.js";
import type { EngineInfo } from "./messages.js";
import { packageVersion } from "./package-folder.js";
import type { RunEnd, RunRecorder } from "./run-recorder.js";

const CONFIG = "config.json";

/** The folder itself, or where it has a run already, the first of "NAME-2", "NAME-3" … that has none. */
export function freeRunFolder(folder: string): string {
  let free = folder;
  for (let count = 2; existsSync(join(free, CONFIG)); count++) free = `${folder}-${count}`;
  return free;
}

/** What computed, and with what. */
export function environment({ backend, version, device, reason }: EngineInfo): object {
  return {
    vitrine: packageVersion(),
    node: process.versions.node,
    engine: { backend, version, device, reason },
    system: `${platform()} ${release()} ${arch()}`,
    host: hostname(),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
  };
}

export class RunFolder implements RunRecorder {
  readonly folder: string;
  private readonly history: EpochReport[] = [];
  private writing: Promise<void> | undefined;
  private again = false;
  private failure: Error | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws CannotWrite */
  static async create(folder: string, config: object, machine: object): Promise<RunFolder> {
    await writeJson(folder, CONFIG, {
      format: "vitrine.run",
      version: 1,
      started: new Date().toISOString(),
      ...config,
    });
    await writeJson(folder, "environment.json", machine);
    return new RunFolder(folder);
  }

  /** Written at once, or with the next epoch's where the disk is still busy with one. */
  epoch(report: EpochReport): void {
    this.history.push(report);
    this.again = true;
    this.writing ??= this.write();
  }

  async end({ reason, bestEpoch, message }: RunEnd): Promise<void> {
    await this.writing;
    if (this.failure) throw this.failure;
    const best = this.history.find(({ epoch }) => epoch === bestEpoch);
    const result = { ended: new Date().toISOString(), reason, bestEpoch, epochs: this.history.length, best, message };
    await writeJson(this.folder, "result.json", result);
  }

  /** A disk that is full must not end the training: it is said at the end. */
  private async write(): Promise<void> {
    while (this.again) {
      this.again = false;
      const csv = historyCsv(this.history);
      await writeFileAtomic(join(this.folder, HISTORY_FILE), csv, "a run's history").catch((error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error));
      });
    }
    this.writing = undefined;
  }
}

const writeJson = (folder: string, name: string, value: object) =>
  writeFileAtomic(join(folder, name), `${JSON.stringify(value, null, 2)}\n`, "a run's record");
