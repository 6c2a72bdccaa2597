/**
 * Who is at which shard: a file for each, that whoever holds it touches again and again. Where that stops, its worker or its machine is
 * gone, and the shard is anybody's. A lease saves double work and no more; that a shard counts once is up to how results are published.
 */
import { randomUUID } from "node:crypto";
import { appendFile, mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

export class ShardLeases {
  private readonly folder: string;
  private readonly owner: string;
  private readonly milliseconds: number;

  /** @param milliseconds after which an untouched lease is nobody's */
  constructor(output: string, owner: string, milliseconds: number) {
    this.folder = join(output, "leases");
    this.owner = owner;
    this.milliseconds = milliseconds;
  }

  /** Gives what lets it go again; undefined where somebody has it. */
  async take(shard: number): Promise<{ release: () => Promise<void>; attempt: number } | undefined> {
    await mkdir(this.folder, { recursive: true });
    const path = this.path(shard);
    if (!(await this.create(path))) {
      if (!(await this.isStale(path))) return undefined;
      // Of several who find it stale, one can move it away.
      const aside = `${path}.${randomUUID()}`;
      const moved = await rename(path, aside).then(
        () => true,
        () => false,
      );
      await rm(aside, { force: true });
      if (!moved || !(await this.create(path))) return undefined;
    }
    await appendFile(`${path}.attempts`, "x");
    const attempt = (await stat(`${path}.attempts`)).size;
    const timer = setInterval(() => void this.touch(path), this.milliseconds / 4);
    const release = async () => {
      clearInterval(timer);
      if ((await readFile(path, "utf8").catch(() => "")) === this.owner) await rm(path, { force: true });
    };
    return { release, attempt };
  }

  private path(shard: number): string {
    return join(this.folder, String(shard).padStart(6, "0"));
  }

  private async create(path: string): Promise<boolean> {
    try {
      const file = await open(path, "wx");
      await file.writeFile(this.owner);
      await file.close();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }

  private async touch(path: string): Promise<void> {
    const now = new Date(await this.now());
    // Somebody has taken it for stale: what is scored is published all the same, and counts once.
    await utimes(path, now, now).catch(() => undefined);
  }

  private async isStale(path: string): Promise<boolean> {
    const [found, now] = await Promise.all([stat(path).catch(() => undefined), this.now()]);
    return found !== undefined && now - found.mtimeMs > this.milliseconds;
  }

  /** By the clock of whoever keeps the files: machines' own differ. */
  private async now(): Promise<number> {
    const path = join(this.folder, `.clock-${this.owner}`);
    await writeFile(path, "");
    return (await stat(path)).mtimeMs;
  }
}

/** Lets go what a worker held that is known to have ended. */
export async function releaseOf(output: string, shard: number, owner: string): Promise<void> {
  const path = join(output, "leases", String(shard).padStart(6, "0"));
  if ((await readFile(path, "utf8").catch(() => "")) === owner) await rm(path, { force: true });
}
