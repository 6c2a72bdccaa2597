import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";

import { inRoot, root } from "../../scripts/places.mjs";

interface Run {
  child: ChildProcess;
  said: { text: string };
  ended: Promise<number | null>;
}

/** Everything that was started here, ended whatever the test's outcome. */
const started: Run[] = [];
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill("SIGTERM");
    await ended;
  }
});

/** Runs the start script as a user would, without a terminal. */
function start(...args: string[]): Run {
  const child = spawn(process.execPath, [inRoot("scripts", "start.mjs"), ...args], { cwd: root });
  const said = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (said.text += chunk));
  }
  // Not "exit": what it said last may be read after that.
  const ended = once(child, "close").then(([code]) => code as number | null);
  const run = { child, said, ended };
  started.push(run);
  return run;
}

async function readyUrl(run: Run): Promise<URL> {
  let over = false;
  void run.ended.then(() => (over = true));
  for (;;) {
    const url = /^Ready: (\S+)$/m.exec(run.said.text)?.[1];
    if (url !== undefined) return new URL(url);
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set by the callback above
    if (over) throw new Error(`It has ended:\n${run.said.text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function answers(url: URL): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

describe.skipIf(process.platform === "win32")("npm start", () => {
  it("serves the notebook with our kernel as the default, to the bearer of the token only, and ends on Ctrl-C", async () => {
    const run = start("--no-browser", "--token", "a+b&c");
    const ready = await readyUrl(run);
    expect(ready.hostname).toBe("127.0.0.1");
    expect(ready.pathname).toBe("/lab/tree/notebooks/1-classification.ipynb");
    expect(ready.searchParams.get("token")).toBe("a+b&c");
    const specs = new URL("/api/kernelspecs", ready);
    expect((await fetch(specs)).status).toBe(403);
    const headers = { authorization: "token a+b&c" };
    const { default: kernel, kernelspecs } = (await (await fetch(specs, { headers })).json()) as {
      default: string;
      kernelspecs: Record<string, { spec: { language: string } }>;
    };
    expect(kernel).toBe("vitrine");
    expect(kernelspecs["vitrine"]?.spec.language).toBe("typescript");

    const widgets = new URL("/lab/extensions/vitrine-widgets/package.json", ready);
    const extensions = new URL("/lab/api/extensions", ready);
    expect((await fetch(extensions, { headers })).status).toBe(200);
    expect(await fetch(widgets, { headers }).then((response) => response.status)).toBe(200);

    run.child.kill("SIGINT");
    expect(await run.ended).toBe(0);
    expect(await answers(specs)).toBe(false);
  });

  it("says which port is taken, before it sets anything up", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const run = start("--no-browser", "--port", String(port));
    expect(await run.ended).toBe(1);
    expect(run.said.text).toContain(`Port ${String(port)} is in use by another program`);
    expect(run.said.text).not.toContain("set up");
    await new Promise((resolve) => server.close(resolve));
  });

  it("refuses what it does not know with the usage", async () => {
    const run = start("--brwoser");
    expect(await run.ended).toBe(1);
    expect(run.said.text).toContain("Unknown option '--brwoser'");
    expect(run.said.text).toContain("Usage: npm start");
  });
});
