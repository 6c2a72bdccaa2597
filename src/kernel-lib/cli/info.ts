/** `vitrine info`: what computes on this machine, and why; the first thing to send along with a question. */
import { arch, availableParallelism, platform, release, totalmem } from "node:os";

import { Command } from "commander";

import { engine } from "../engine/engine.js";
import { packageVersion } from "../engine/package-folder.js";

const GIB = 2 ** 30;

export function infoCommand(): Command {
  return new Command("info").description("print versions, the machine, and what computes").action(async () => {
    process.stdout.write(`${await describeInstallation()}\n`);
    await engine.close();
  });
}

async function describeInstallation(): Promise<string> {
  const memory = (totalmem() / GIB).toFixed(1);
  return [
    `vitrine ${packageVersion()}, Node ${process.versions.node}`,
    `${platform()} ${release()} ${arch()}, ${availableParallelism()} cores, ${memory} GiB memory`,
    String(await engine.info()),
  ].join("\n");
}
