/** The command itself, in a process of its own, as a person starts it. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { describe, expect, it } from "vitest";

const COMMAND = fileURLToPath(new URL("../../../src/kernel-lib/bin/vitrine.js", import.meta.url));
const run = promisify(execFile);

describe("npx vitrine", { timeout: 240_000 }, () => {
  it("says what computes here, and in which versions", async () => {
    const { stdout } = await run(process.execPath, [COMMAND, "info"]);
    expect(stdout).toMatch(/^vitrine \d+\.\d+\.\d+, Node \d+\.\d+\.\d+\n/);
    expect(stdout).toMatch(/\n(?:TensorFlow|WebAssembly)[^\n]* on the (?:CPU|graphics card)/);
  });

  it("refuses a command it doesn't have, and ends with 1", async () => {
    await expect(run(process.execPath, [COMMAND, "inform"])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("(Did you mean info?)") as string,
    });
  });

  it("ends without a word where nobody reads on", async () => {
    const child = spawn(process.execPath, [COMMAND, "info"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    expect(await once(child, "close")).toEqual([0, null]);
    expect(said).not.toMatch(/EPIPE|Error/);
  });

  it("says before the load test that its certificate is not there, or its report can't be kept, and ends with 2", async () => {
    const folder = await mkdtemp(join(tmpdir(), "vitrine-command-"));
    await writeFile(join(folder, "file"), "");
    const test = (...options: string[]) =>
      run(process.execPath, [COMMAND, "load-test", "http://127.0.0.1:9/score", ...options]);
    const none = join(folder, "none.pem");
    await expect(test("--ca", none)).rejects.toMatchObject({
      code: 2,
      stderr: `error: ${none}: expected a certificate, PEM, but there is no such file\n`,
    });
    await expect(test("--json", join(folder, "file", "report.json"))).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/report\.json: the report could not be written: [^\n]+\n$/) as string,
    });
    await rm(folder, { recursive: true });
  });

  it.each([
    [
      ["load-test", "http://example.com/score"],
      'error: Expected a loopback address, or --allow-remote, for url but received "example.com"\n',
    ],
    [
      ["score-batch", "/nowhere", "out", "--model", "m"],
      "error: /nowhere: expected a folder of pictures, but there is none\n",
    ],
    [
      ["score-batch", "in", "out"],
      "error: Expected a trained model, or the folder of a saved one, for --model but received nothing\n",
    ],
  ])("refuses %j in the command's own words", async (args, stderr) => {
    await expect(run(process.execPath, [COMMAND, ...args])).rejects.toMatchObject({ code: 2, stdout: "", stderr });
  });

  it("ends a load test at Ctrl-C with the report of what was measured", async () => {
    const server = createServer((request, response) => request.resume().on("end", () => response.end('["[1]"]')));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/score`;
    const args = [COMMAND, "load-test", url, "--rate", "20", "--seconds", "60", "--warm-up", "0"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let report = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (report += text));
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      // Once: a second one is from somebody who does not want to wait for the report.
      if (!child.killed && /of 60 s: [1-9]\d* good/.test(said)) child.kill("SIGINT");
    });
    expect(await once(child, "close")).toEqual([130, null]);
    expect(report).toMatch(/^[\d.]+ good answers a second[^]*\nload +20 requests a second for 60 s\n/);
    server.closeAllConnections();
    server.close();
  });
});
