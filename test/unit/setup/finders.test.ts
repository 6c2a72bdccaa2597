import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { findChromium } from "../../../scripts/chromium-finder.mjs";
import { nodeProblem } from "../../../scripts/node-version.mjs";
import { findPort } from "../../../scripts/ports.mjs";
import { findPython } from "../../../scripts/python-finder.mjs";
import { findPip, findUnpacker } from "../../../scripts/steps/engine/pip.mjs";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "finders-"));
});
afterEach(() => rm(dir, { recursive: true }));

/** A program that prints one line, or fails. */
async function program(name: string, line: string | undefined): Promise<string> {
  const file = path.join(dir, name);
  await writeFile(file, `#!/bin/sh\n${line === undefined ? "echo 'install a snap' >&2; exit 1" : `echo '${line}'`}\n`);
  await chmod(file, 0o755);
  return file;
}

describe("Node", () => {
  it.each(["18.20.4", "20.18.3", "16.0.0"])("%s is too old, and the sentence says so", (version) => {
    expect(nodeProblem(version)).toContain(`this is Node ${version}`);
  });
  it.each(["20.19.0", "20.20.2", "22.1.0", "24.0.0"])("%s will do", (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });
});

describe("pip, for the engine's wheel", () => {
  it("is the first that takes several platforms at once, past one that is too old and one that does not run", async () => {
    const stub = await program("pip-stub", undefined);
    const old = await program("pip-old", "pip 20.0.2 from /usr/lib/python3/dist-packages/pip (python 3.8)");
    const good = await program("pip-good", "pip 23.0.1 from /usr/lib/python3/dist-packages/pip (python 3.11)");
    const missing = path.join(dir, "none");
    expect(findPip([[missing], [stub], [old], [good, "tool"]])).toEqual([good, "tool"]);
    expect(() => findPip([[old]])).toThrow(/no pip of version 21 or newer/);
  });

  it("is unpacked by a Python that is there, whatever its name", async () => {
    const stub = await program("python-stub", undefined);
    const good = await program("python-good", "");
    expect(findUnpacker([path.join(dir, "none"), stub, good])).toBe(good);
    expect(() => findUnpacker([stub])).toThrow(/no Python was found as .*python-stub/);
  });
});

describe("Python", () => {
  it("is the first that is new enough, past one that is too old and one that does not run", async () => {
    const stub = await program("python-stub", undefined);
    const old = await program("python-old", "3.9.2|/usr/bin/python3.9");
    const good = await program("python-good", "3.12.1|/opt/python3.12");
    const missing = path.join(dir, "none");
    expect(await findPython({}, [[missing], [stub], [old], [good]])).toEqual({
      version: "3.12.1",
      executable: "/opt/python3.12",
    });
  });

  it("that is too old is named in the sentence", async () => {
    const old = await program("python-old", "3.9.2|/usr/bin/python3.9");
    await expect(findPython({}, [[old]])).rejects.toThrow(/3\.10 or newer; found only: .*python-old is 3\.9\.2/);
  });

  it("that is nowhere gets a sentence with the way to one", async () => {
    await expect(findPython({}, [[path.join(dir, "none")]])).rejects.toThrow(/none was found.*\n.*VITRINE_PYTHON/);
  });

  it("of VITRINE_PYTHON is taken, or refused by name", async () => {
    const good = await program("mine", "3.13.0|/mine");
    const old = await program("old", "3.8.0|/old");
    expect((await findPython({ VITRINE_PYTHON: good }, [])).executable).toBe("/mine");
    await expect(findPython({ VITRINE_PYTHON: old }, [[good]])).rejects.toThrow(/is Python 3\.8\.0/);
  });

  it("is found on this machine and tells where it is", async () => {
    const { executable, version } = await findPython();
    expect(path.isAbsolute(executable)).toBe(true);
    expect(version).toMatch(/^3\.\d+\.\d+$/);
  });
});

describe("Chromium", () => {
  it("is CHROME_PATH's, or refused by name", async () => {
    const mine = await program("mine", "Chromium 150.0.1");
    expect(await findChromium({ CHROME_PATH: mine })).toBe(mine);
    await expect(findChromium({ CHROME_PATH: path.join(dir, "none") })).rejects.toThrow(/CHROME_PATH is .*none/);
  });

  it("is found by its usual names, past a script that only says to install one", async () => {
    await program("chromium", undefined);
    const chrome = await program("google-chrome", "Google Chrome 150.0.1");
    expect(await findChromium({ PATH: dir }, [])).toBe(chrome);
  });

  it("is found where an installer puts it, off the PATH", async () => {
    const app = await program("app", "Google Chrome 150.0.1");
    expect(await findChromium({ PATH: "" }, [path.join(dir, "none"), app])).toBe(app);
  });

  it("may be nowhere", async () => {
    expect(await findChromium({ PATH: dir }, [])).toBeUndefined();
  });
});

describe("the port", () => {
  it("that is asked for and taken gets a sentence, and without asking the next free one is found", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await expect(findPort(port)).rejects.toThrow(`Port ${String(port)} is in use by another program.`);
      expect(await findPort(undefined, port)).toBeGreaterThan(port);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect(await findPort(port)).toBe(port);
  });
});
