import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { root } from "../../../scripts/places.mjs";
import { parsePipConfig, pythonEnvironment, withPipSettings } from "../../../scripts/python-environment.mjs";
import { firstDifference, type LockFile } from "../../../scripts/steps/npm-packages.mjs";
import { chosenPython, requirementOf } from "../../../scripts/steps/python-packages.mjs";

describe("what is installed, beside the lock file", () => {
  const locked = (packages: NonNullable<LockFile["packages"]>): LockFile => ({ packages: { "": {}, ...packages } });

  it("agrees, or the first difference is named", () => {
    const wanted = locked({ "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "2.0.0" } });
    expect(firstDifference(wanted, wanted)).toBeUndefined();
    expect(firstDifference(wanted, locked({ "node_modules/a": { version: "1.0.0" } }))).toBe("node_modules/b");
    const other = locked({ "node_modules/a": { version: "1.0.1" }, "node_modules/b": { version: "2.0.0" } });
    expect(firstDifference(wanted, other)).toBe("node_modules/a");
  });

  it("may lack what is optional, and must not have another content under the same version", () => {
    const wanted = locked({
      "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
      "node_modules/a-win32": { version: "1.0.0", optional: true },
    });
    expect(
      firstDifference(wanted, locked({ "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } })),
    ).toBeUndefined();
    expect(firstDifference(wanted, locked({ "node_modules/a": { version: "1.0.0", integrity: "sha512-x" } }))).toBe(
      "node_modules/a",
    );
  });

  it("is seen in a workspace's own node_modules too", () => {
    const wanted = locked({ "src/kernel-lib": {}, "src/kernel-lib/node_modules/a": { version: "1.0.0" } });
    expect(firstDifference(wanted, locked({}))).toBe("src/kernel-lib/node_modules/a");
  });
});

describe("pip's settings", () => {
  const listing = `:env:.cert='/etc/certs.pem'
:env:.find-links='/opt/wheels /more wheels'
global.cert='/etc/other.pem'
global.index-url='https://mirror.invalid/simple'
install.trusted-host='mirror.invalid'`;

  it("are read from `pip config list`; the environment wins over files", () => {
    const settings = parsePipConfig(listing);
    expect(settings.get("cert")).toBe("/etc/certs.pem");
    expect(settings.get("index-url")).toBe("https://mirror.invalid/simple");
  });

  it("reach uv under its own names, and do not replace what is set for uv", () => {
    const settings = parsePipConfig(listing);
    const env = withPipSettings(settings, { UV_INDEX_URL: "https://mine.invalid/simple", PATH: "/bin" });
    expect(env).toEqual({
      PATH: "/bin",
      UV_INDEX_URL: "https://mine.invalid/simple",
      SSL_CERT_FILE: "/etc/certs.pem",
      UV_FIND_LINKS: "/opt/wheels,/more,wheels",
      UV_INSECURE_HOST: "mirror.invalid",
    });
    expect(withPipSettings(settings, {})["UV_DEFAULT_INDEX"]).toBe("https://mirror.invalid/simple");
  });

  it("leave our Python without anybody else's packages", () => {
    const theirs = { PYTHONPATH: "/theirs", PIP_USER: "1", PIP_CONSTRAINT: "/theirs.txt", UV_SYSTEM_PYTHON: "1" };
    const env = pythonEnvironment({ ...theirs, PIP_INDEX_URL: "https://mirror.invalid" });
    expect(env).toEqual({ PIP_INDEX_URL: "https://mirror.invalid" });
  });
});

describe("the Python that an environment was made with", () => {
  it("is the one asked for, and where none is asked for the one that was", async () => {
    const dir = await mkdtemp(path.join(tmpdir(), "chosen-python-"));
    const file = path.join(dir, "vitrine-python.txt");
    expect(await chosenPython({}, file)).toBe("");
    await writeFile(file, "/opt/python3.12");
    expect(await chosenPython({}, file)).toBe("/opt/python3.12");
    expect(await chosenPython({ VITRINE_PYTHON: "" }, file)).toBe("/opt/python3.12");
    expect(await chosenPython({ VITRINE_PYTHON: "/opt/python3.13" }, file)).toBe("/opt/python3.13");
    await rm(dir, { recursive: true });
  });
});

describe("the pinned list", () => {
  it("has one version and at least one hash for every package", async () => {
    const list = await readFile(path.join(root, "scripts", "requirements.txt"), "utf8");
    const blocks = list.split(/\n(?=[a-z0-9])/i).filter((block) => /^[a-z0-9]/i.test(block));
    expect(blocks.length).toBeGreaterThan(80);
    for (const block of blocks)
      expect(block).toMatch(/^[a-z0-9._-]+(?:\[[a-z,]+\])?==[\w.+-]+[^\n]*\n {4}--hash=sha256:[0-9a-f]{64}/i);
  });

  it("gives up one package with its hashes", async () => {
    const list = await readFile(path.join(root, "scripts", "requirements.txt"), "utf8");
    const uv = requirementOf(list, "uv");
    expect(uv.match(/==/g)).toHaveLength(1);
    expect(uv).toMatch(/^uv==\S+ \\\n(?: {4}--hash=sha256:[0-9a-f]{64} ?\\?\n?)+/);
    expect(() => requirementOf(list, "no-such-package")).toThrow("no-such-package");
  });
});
