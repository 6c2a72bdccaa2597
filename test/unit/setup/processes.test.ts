import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { inRoot } from "../../../scripts/places.mjs";
import { runCommand } from "../../../scripts/processes.mjs";
import { withLock } from "../../../scripts/setup-lock.mjs";
import { processStart } from "../../../src/kernel-lib/serving/supervisor/process-identity.js";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "processes-"));
});
afterEach(() => rm(dir, { recursive: true }));

/** One that has ended and that nobody has asked for its exit status is there, and lives no more. */
const isAlive = async (pid: number) => (await processStart(pid)) !== undefined;

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("a command", () => {
  it("is run to its end, with its lines as they come and all its output", async () => {
    const lines: string[] = [];
    const script = "console.log('one\\ntwo'); console.error('three'); process.exitCode = 3";
    const { code, output } = await runCommand(process.execPath, ["-e", script], { onLine: (line) => lines.push(line) });
    expect(code).toBe(3);
    expect(lines.sort()).toEqual(["one", "three", "two"]);
    expect(output).toContain("one\ntwo\n");
  });

  it("that is not there has the code that shells give it", async () => {
    expect((await runCommand(path.join(dir, "none"), [])).code).toBe(127);
  });

  it.skipIf(process.platform === "win32")(
    "is ended with all its own children when the script is interrupted",
    async () => {
      const pidFile = path.join(dir, "pid");
      const script = path.join(dir, "script.mjs");
      const processes = pathToFileURL(inRoot("scripts", "processes.mjs")).href;
      await writeFile(
        script,
        `import { endChildrenWithUs, runCommand } from ${JSON.stringify(processes)};
         endChildrenWithUs();
         await runCommand("sh", ["-c", "sleep 60 & echo $! > ${pidFile}; wait"]);`,
      );
      const child = spawn(process.execPath, [script], { stdio: "ignore" });
      await until(async () => (await readFile(pidFile, "utf8").catch(() => "")).endsWith("\n"));
      const grandchild = Number(await readFile(pidFile, "utf8"));
      expect(await isAlive(grandchild)).toBe(true);
      child.kill("SIGINT");
      const [code] = (await once(child, "exit")) as [number];
      expect(code).toBe(130);
      await until(async () => !(await isAlive(grandchild)));
    },
  );
});

describe("the set-up's lock", () => {
  it("lets one in at a time, and tells the other whom it waits for", async () => {
    const file = path.join(dir, "lock");
    const holder = path.join(dir, "holder.mjs");
    const lock = pathToFileURL(inRoot("scripts", "setup-lock.mjs")).href;
    await writeFile(
      holder,
      `import { withLock } from ${JSON.stringify(lock)};
       await withLock(${JSON.stringify(file)}, () => {}, async () => {
         console.log("in");
         await new Promise((resolve) => process.stdin.once("data", resolve));
       });
       process.exit();`,
    );
    const child = spawn(process.execPath, [holder], { stdio: ["pipe", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const owners: number[] = [];
    let entered = false;
    const second = withLock(
      file,
      (owner) => owners.push(owner),
      () => {
        entered = true;
        return Promise.resolve("done");
      },
    );
    await until(() => owners.length > 0);
    expect(entered).toBe(false);
    child.stdin.write("go\n");
    expect(await second).toBe("done");
    expect(owners).toEqual([child.pid]);
  });

  it("of a process that has died counts for nothing", async () => {
    const file = path.join(dir, "lock");
    const { output } = await runCommand(process.execPath, ["-p", "process.pid"]);
    await writeFile(file, output.trim());
    expect(
      await withLock(
        file,
        () => expect.unreachable(),
        () => Promise.resolve(1),
      ),
    ).toBe(1);
  });
});
