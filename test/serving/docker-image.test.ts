/** An image of a service: its context, what runs in it, and what an engine makes of it. */
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inRoot } from "../../scripts/places.mjs";
import { freePort } from "./free-port.js";
import { trainedModel, vitrine } from "./trained-model.js";

const { Deployment, TransferLearningModel } = vitrine;
const DIGEST = `sha256:${"ab".repeat(32)}`;
const BASE = `registry.example/node:22-bookworm-slim@${DIGEST}`;

let home: string;
let dataset: Awaited<ReturnType<typeof trainedModel>>["dataset"];
let model: Awaited<ReturnType<typeof trainedModel>>["model"];
const path = process.env["PATH"];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "vitrine-image-"));
  ({ dataset, model } = await trainedModel());
});
afterAll(async () => {
  process.env["PATH"] = path;
  await vitrine.engine.close();
  await rm(home, { recursive: true, force: true });
});

/** Alone on the PATH, with what a shell script needs; writes down how it was called. */
async function onlyEngine(name: string, script: string): Promise<string> {
  const folder = await mkdtemp(join(home, "bin-"));
  const calls = join(folder, "calls");
  await writeFile(join(folder, name), `#!/bin/sh\necho "$*" >> ${calls}\n${script}\n`);
  await chmod(join(folder, name), 0o755);
  process.env["PATH"] = folder;
  return calls;
}

const deployment = () => new Deployment({ name: "tableware", model, maxBatch: 2 });
const build = (options: Parameters<InstanceType<typeof Deployment>["buildDockerImage"]>[0] = {}) =>
  deployment().buildDockerImage({ baseImage: BASE, context: join(home, "image"), progress: null, ...options });

describe("the build context", () => {
  it("is kept where neither docker nor podman is, with the commands that are left", async () => {
    process.env["PATH"] = join(home, "nothing");
    const image = await build();
    expect(image.built).toBe(false);
    expect(image.missing).toMatch(/neither docker nor podman is on this machine's PATH/);
    expect(image.commands).toEqual([`docker build --tag vitrine/tableware:v1 ${join(home, "image")}`]);
    expect(String(image)).toContain(join(home, "image"));
    expect((await readdir(join(home, "image"))).sort()).toEqual([
      ".dockerignore",
      "Dockerfile",
      "app",
      "service.json",
      "versions",
    ]);
  });

  it("asks for the base image's digest where none was given and none can be looked up", async () => {
    process.env["PATH"] = join(home, "nothing");
    const image = await deployment().buildDockerImage({ context: join(home, "unpinned"), progress: null });
    expect(image.commands.join("\n")).toMatch(
      /docker pull \S+\nBASE=\$\(docker image inspect[^\n]+\ndocker build --tag vitrine\/tableware:v1 --build-arg BASE_IMAGE="\$BASE"/,
    );
    expect(await readFile(join(home, "unpinned", "Dockerfile"), "utf8")).toMatch(/^ARG BASE_IMAGE$/m);
  });

  it("has a Dockerfile that is pinned, runs as nobody, and says whether it is well", async () => {
    const text = await readFile(join(home, "image", "Dockerfile"), "utf8");
    const instructions = text
      .replaceAll(/^#.*\n/gm, "")
      .replaceAll("\\\n", " ")
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => ({ word: line.split(" ")[0] ?? "", rest: line.slice(line.indexOf(" ") + 1).trim() }));
    const all = (word: string) => instructions.filter((one) => one.word === word).map(({ rest }) => rest);
    const known = [
      "ARG",
      "FROM",
      "WORKDIR",
      "RUN",
      "COPY",
      "ENV",
      "USER",
      "EXPOSE",
      "STOPSIGNAL",
      "HEALTHCHECK",
      "ENTRYPOINT",
    ];
    expect(instructions.map(({ word }) => word).filter((word) => !known.includes(word))).toEqual([]);
    expect(all("ARG")[0]).toBe(`BASE_IMAGE=${BASE}`);
    // Every stage is of the pinned base.
    expect(all("FROM").map((from) => from.split(" ")[0])).toEqual(["${BASE_IMAGE}", "${BASE_IMAGE}"]);
    expect(text).not.toMatch(/:latest|curl|wget|sudo|vk-/);
    expect(all("USER")).toEqual(["10001:10001"]);
    expect(instructions.findIndex(({ word }) => word === "USER")).toBeGreaterThan(
      instructions.findLastIndex(({ word }) => word === "COPY"),
    );
    expect(all("HEALTHCHECK")[0]).toMatch(/CMD \["node", /);
    const [entry = "[]"] = all("ENTRYPOINT");
    for (const program of [entry, all("HEALTHCHECK")[0]?.replace(/^.*CMD /, "") ?? "[]"]) {
      const file = (JSON.parse(program) as string[]).find((word) => word.endsWith(".js")) ?? "";
      expect(existsSync(file.replace("/srv/vitrine", join(home, "image", "app")))).toBe(true);
    }
    const sources = all("COPY")
      .filter((copy) => !copy.startsWith("--from"))
      .flatMap((copy) => copy.split(" ").slice(0, -1));
    for (const source of sources) expect(existsSync(join(home, "image", source)), source).toBe(true);
    const let_in = (await readFile(join(home, "image", ".dockerignore"), "utf8"))
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    for (const source of sources) expect(let_in).toContain(source.split("/")[0]);
  });

  it("holds what serves and nothing else: no declarations, no notebook, no keys", async () => {
    const files = (await readdir(join(home, "image"), { recursive: true })).map(String);
    expect(files.filter((file) => /\.(d\.ts|map|tsbuildinfo)$/.test(file))).toEqual([]);
    expect(files.filter((file) => /dist\/(ui|kernel|comm|cli)\//.test(file))).toEqual([]);
    const manifest = JSON.parse(await readFile(join(home, "image", "app", "library", "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    expect(Object.keys(manifest.dependencies)).toEqual(expect.arrayContaining(["fastify", "sharp", "zod"]));
    expect(Object.keys(manifest.dependencies)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/tslab|zeromq|kubernetes|commander/)]),
    );
    expect(await readFile(join(home, "image", "service.json"), "utf8")).not.toMatch(/vk-|sha256/);
  });

  it("has a lock of its own, whole, with the workshop's own versions", async () => {
    interface Entry {
      version?: string;
      dependencies?: Record<string, string>;
      dev?: boolean;
      integrity?: string;
    }
    const read = async (file: string) =>
      (JSON.parse(await readFile(file, "utf8")) as { packages: Record<string, Entry> }).packages;
    const [lock, whole] = [
      await read(join(home, "image", "app", "package-lock.json")),
      await read(inRoot("package-lock.json")),
    ];
    const places = Object.keys(lock).filter(
      (place) => /(^|\/)node_modules\//.test(place) && place !== "node_modules/vitrine",
    );
    expect(places.length).toBeGreaterThan(100);
    for (const place of places) {
      expect(lock[place]?.dev, place).toBeUndefined();
      expect(lock[place]?.integrity, place).toBe(whole[place.replace(/^library\//, "src/kernel-lib/")]?.integrity);
    }
    for (const place of Object.keys(lock)) {
      for (const name of Object.keys(lock[place]?.dependencies ?? {})) {
        const above = place
          .split("/node_modules/")
          .map((_, i, parts) => `${parts.slice(0, i + 1).join("/node_modules/")}/`);
        const found = ["", "library/", ...(place === "" ? [] : above)].some(
          (folder) => lock[`${folder}node_modules/${name}`],
        );
        expect(found, `${name} for ${place}`).toBe(true);
      }
    }
  });

  it("does not write over a folder that is somebody's own", async () => {
    await mkdir(join(home, "own"));
    await expect(build({ context: join(home, "own") })).rejects.toMatchObject({ code: "CannotWrite" });
    for (const tag of [
      "tableware:latest",
      "tableware",
      "registry.example/Team/tableware:v1",
      "tableware--:v1",
      "a b:v1",
    ]) {
      await expect(build({ tag })).rejects.toThrow(/Expected a name in lower case with a tag other than latest/);
    }
    await expect(build({ baseImage: "node:22" })).rejects.toThrow(/Expected an image with its digest/);
  });
});

describe("what runs in the image", () => {
  let service: ChildProcess;
  let url: string;
  let output = "";
  const keys = { primary: "vk-of-the-test", rotated: "vk-of-another-day" };
  const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");
  const secrets = () => join(home, "secrets");
  const writeKeys = (primary: string) =>
    writeFile(
      join(secrets(), "keys.json"),
      JSON.stringify({
        format: "vitrine.keys",
        version: 1,
        primary: { sha256: hashOf(primary), createdAt: "" },
        secondary: null,
      }),
    );
  const ask = async (key: string) => {
    const body = await readFile(dataset.images[0]?.storagePath ?? "");
    const headers = { authorization: `Bearer ${key}`, "content-type": "image/jpeg" };
    return fetch(`${url}/score?ADD_SOFTMAX=true`, { method: "POST", headers, body });
  };

  beforeAll(async () => {
    process.env["PATH"] = path;
    // As `npm ci` has it in the image, from the same versions.
    await symlink(inRoot("node_modules"), join(home, "image", "app", "node_modules"));
    await mkdir(secrets());
    await writeKeys(keys.primary);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const env = {
      PATH: path,
      HOME: home,
      VITRINE_SECRETS: secrets(),
      VITRINE_PORT: String(port),
      VITRINE_REPLICAS: "1",
    };
    service = spawn(
      process.execPath,
      [join(home, "image", "app", "library", "dist", "serving", "container", "main.js")],
      { env, cwd: home, stdio: ["ignore", "pipe", "pipe"] },
    );
    for (const stream of [service.stdout, service.stderr])
      stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    for (let i = 0; i < 1200; i++) {
      if ((await fetch(`${url}/health`).catch(() => undefined))?.status === 200) return;
      if (service.exitCode !== null) break;
      await wait(100);
    }
    throw new Error(`the service did not start:\n${output}`);
  });
  afterAll(async () => {
    if (service.exitCode !== null) return;
    service.kill("SIGKILL");
    await once(service, "exit");
  });

  it("scores as the model does", async () => {
    const answer = await ask(keys.primary);
    expect(answer.status).toBe(200);
    const [result = ""] = (await answer.json()) as string[];
    const expected = await model.score({ images: dataset.images.slice(0, 1) });
    TransferLearningModel.parseSerializedResult(result).forEach((value, i) => {
      expect(value).toBeCloseTo(expected.data[i] ?? NaN, 4);
    });
    expect((await ask("vk-wrong")).status).toBe(401);
  });

  it("passes its own health check, which fails where nothing answers", async () => {
    const health = join(home, "image", "app", "library", "dist", "serving", "container", "health.js");
    const check = async (port: string) => {
      const [code] = (await once(spawn(process.execPath, [health], { env: { VITRINE_PORT: port } }), "exit")) as [
        number,
      ];
      return code;
    };
    expect(await check(new URL(url).port)).toBe(0);
    expect(await check(String(await freePort()))).toBe(1);
  });

  it("takes changed keys without a restart", async () => {
    await writeKeys(keys.rotated);
    const until = Date.now() + 120_000;
    while ((await ask(keys.rotated)).status !== 200 && Date.now() < until) await wait(200);
    expect((await ask(keys.rotated)).status).toBe(200);
    expect((await ask(keys.primary)).status).toBe(401);
  });

  it("writes nothing but its log, to standard output, without keys; and ends when it is told", async () => {
    service.kill("SIGTERM");
    // Not "exit": its last lines may be read after that.
    const [code] = (await once(service, "close")) as [number];
    expect(code).toBe(0);
    expect(output).toMatch(/"message":"service started"[\s\S]*"message":"request"[\s\S]*"message":"service ends"/);
    expect(output).not.toContain("vk-");
    expect((await readdir(home)).sort()).toEqual(expect.not.arrayContaining([".local", ".cache"]));
  });

  it("says which keys it lacks, rather than answer nobody", async () => {
    const entry = join(home, "image", "app", "library", "dist", "serving", "container", "main.js");
    const child = spawn(process.execPath, [entry], { env: { PATH: path, VITRINE_SECRETS: join(home, "none") } });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(1);
    expect(said).toMatch(
      /expected the hashes of the service's keys, but there is none; mount it there, or set VITRINE_PRIMARY_KEY_SHA256/,
    );
  });
});

describe("an engine", () => {
  const pinned = `case "$1" in
    version) echo 28.2.2;;
    pull) exit 0;;
    image) echo "docker.io/library/node@${DIGEST}";;
    build) echo "#1 building"; exit 0;;
    push) echo denied: requested access to the resource is denied >&2; exit 1;;
  esac`;

  it("builds the image, of a base that was looked up and pinned, telling each step", async () => {
    const calls = await onlyEngine("docker", pinned);
    const lines: string[] = [];
    const context = join(home, "built");
    const image = await deployment().buildDockerImage({
      tag: "registry.example/team/tableware:v7",
      context,
      progress: (line) => void lines.push(line),
    });
    expect(image.builtBy).toBe("docker");
    expect(image.commands).toEqual([]);
    expect(await readFile(calls, "utf8")).toContain(`build --tag registry.example/team/tableware:v7 ${context}\n`);
    expect(lines).toContain("#1 building");
    expect(await readFile(join(context, "Dockerfile"), "utf8")).toContain(
      `ARG BASE_IMAGE=docker.io/library/node:22-bookworm-slim@${DIGEST}`,
    );
    const { keys, command } = image.withNewKeys(9000);
    expect(command).toContain(`VITRINE_PRIMARY_KEY_SHA256=${createHash("sha256").update(keys.primary).digest("hex")}`);
    expect(command).not.toContain(keys.primary);
  });

  it("says what it said where the build fails, and keeps the context", async () => {
    await onlyEngine(
      "podman",
      `case "$1" in version) echo 4.3.1;; *) echo "STEP 4/9: RUN npm ci" ; echo "npm error code ENOTFOUND" >&2; exit 125;; esac`,
    );
    const failure = await build({ context: join(home, "failing") }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "DeploymentFailed", details: { kind: "image-build" } });
    expect(String(failure)).toMatch(
      /podman build ended with 125:[\s\S]*npm error code ENOTFOUND[\s\S]*The context is kept in/,
    );
    expect(existsSync(join(home, "failing", "Dockerfile"))).toBe(true);
  });

  it("says what to do where the registry refuses", async () => {
    await onlyEngine("docker", pinned);
    const failure = await build({ context: join(home, "pushed"), push: true }).catch((error: unknown) => error);
    expect(String(failure)).toMatch(/The push of the image of "tableware" failed:[\s\S]*denied[\s\S]*docker login/);
  });

  it("is told from its client alone", async () => {
    await onlyEngine(
      "docker",
      `echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2; exit 1`,
    );
    const image = await build();
    expect(image.built).toBe(false);
    expect(image.missing).toMatch(
      /docker is here, but not ready: Cannot connect to the Docker daemon[\s\S]*systemctl start docker/,
    );
  });
});
