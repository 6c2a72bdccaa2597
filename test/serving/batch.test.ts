/** A folder scored by real workers, which are killed; on this machine, and by a Ray whose dashboard is played. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFile, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { trainedModel, vitrine } from "./trained-model.js";

const { scoreFolder } = vitrine;

let home: string;
let saved: string;
let input: string;
let dataset: Awaited<ReturnType<typeof trainedModel>>["dataset"];
let model: Awaited<ReturnType<typeof trainedModel>>["model"];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "vitrine-batch-"));
  [saved, input] = [join(home, "model"), join(home, "pictures")];
  ({ dataset, model } = await trainedModel());
  await model.save(saved);
  await mkdir(input);
  for (const [i, { storagePath }] of dataset.images.entries())
    await copyFile(storagePath, join(input, `${String(i).padStart(3, "0")}.jpg`));
  // Begins as a JPEG does, and is none.
  await writeFile(
    join(input, "999.jpg"),
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 2, 3, 4, 5]),
  );
});
afterAll(async () => {
  await vitrine.engine.close();
  await rm(home, { recursive: true, force: true });
});

const collect = async (report: Awaited<ReturnType<typeof scoreFolder>>) => {
  const lines = [];
  for await (const line of report.results()) lines.push(line);
  return lines;
};

/** Workers at this output, by their process. */
async function workersAt(output: string): Promise<number[]> {
  return (await commandLines())
    .filter(({ args }) => args.includes("batch/main.js") && args.includes(output) && !args.includes("sh -c"))
    .map(({ pid }) => pid);
}

async function commandLines(): Promise<{ pid: number; args: string }[]> {
  if (process.platform === "linux") {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const read = (pid: string) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return Promise.all(pids.map(async (pid) => ({ pid: Number(pid), args: (await read(pid)).replaceAll("\0", " ") })));
  }
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,args="]);
  return stdout.split("\n").map((line) => ({ pid: Number.parseInt(line, 10), args: line }));
}

/** Whether a worker has written its name to a shard. */
async function leased(output: string): Promise<boolean> {
  const folder = join(output, "leases");
  const shards = (await readdir(folder).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const owners = await Promise.all(shards.map((name) => readFile(join(folder, name), "utf8").catch(() => "")));
  return owners.some((owner) => owner !== "");
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 10));

/** Kills a worker that has a shard, once; resolves when it has. It is let run a moment at a time, so that it can't be done meanwhile. */
async function killOne(output: string): Promise<void> {
  let worker: number | undefined;
  for (; worker === undefined; [worker] = await workersAt(output)) await pause();
  for (;;) {
    process.kill(worker, "SIGSTOP");
    if (await leased(output)) break;
    process.kill(worker, "SIGCONT");
    await pause();
  }
  process.kill(worker, "SIGKILL");
}

async function expectWhole(report: Awaited<ReturnType<typeof scoreFolder>>): Promise<void> {
  expect(report).toMatchObject({ pictures: dataset.size() + 1, failed: 1 });
  const lines = await collect(report);
  expect(lines.map(({ picture }) => picture)).toEqual((await readdir(input)).sort());
  expect(lines.at(-1)).toMatchObject({ picture: "999.jpg", error: { code: "InvalidImage" } });
  const expected = await model.score({ images: dataset.images });
  lines.slice(0, -1).forEach(({ result }, row) => {
    (result as number[]).forEach((score, i) =>
      expect(score).toBeCloseTo(expected.data[row * expected.columns + i] ?? NaN, 4),
    );
  });
}

describe("a batch on this machine", () => {
  const output = () => join(home, "local");

  it("scores each picture once, as the model does, though a worker is killed in the midst of a shard", async () => {
    const batch = scoreFolder({
      model: saved,
      input,
      output: output(),
      workers: 1,
      shards: 4,
      leaseSeconds: 30,
      progress: null,
    });
    const [report] = await Promise.all([batch, killOne(output())]);
    expect(report).toMatchObject({ shards: 4, lostWorkers: 1 });
    await expectWhole(report);
    expect(await workersAt(output())).toEqual([]);
  });

  it("does nothing again of what is there", async () => {
    const lines: string[] = [];
    const report = await scoreFolder({
      model: saved,
      input,
      output: output(),
      progress: (line) => void lines.push(line),
    });
    expect(lines.join("\n")).toMatch(/4 of 4 shards$/);
    expect(report).toMatchObject({ shards: 4, pictures: dataset.size() + 1, lostWorkers: 0 });
  });

  it("does not take the results of another model, or of other pictures, for its own", async () => {
    const [other, pictures] = [join(home, "other"), join(home, "other-pictures")];
    await cp(saved, other, { recursive: true });
    await appendFile(join(other, "model.json"), "\n");
    const again = scoreFolder({ model: other, input, output: output(), progress: null });
    await expect(again).rejects.toMatchObject({
      details: { option: "output", received: expect.stringMatching(/which has those of another model$/) as string },
    });
    await cp(input, pictures, { recursive: true });
    const elsewhere = scoreFolder({ model: saved, input: pictures, output: output(), progress: null });
    await expect(elsewhere).rejects.toThrow(`which has those of the folder ${input}`);
  });

  it("says why its workers end, and stops when it is told", async () => {
    const broken = join(home, "broken");
    await mkdir(broken);
    await writeFile(join(broken, "model.json"), `{ "format": "somebody.Else" }`);
    const failing = scoreFolder({
      model: broken,
      input,
      output: join(home, "failing"),
      workers: 1,
      shards: 2,
      progress: null,
    });
    await expect(failing).rejects.toThrow(/workers end before their time: .*somebody.Else/);
    const controller = new AbortController();
    const stopped = scoreFolder({
      model: saved,
      input,
      output: join(home, "stopped"),
      workers: 1,
      shards: 2,
      progress: null,
      signal: controller.signal,
    });
    controller.abort();
    await expect(stopped).rejects.toThrow(/The batch was stopped; 0 of 2 shards are kept, and the same call goes on/);
  });
});

describe("a batch on Ray", () => {
  let ray: PlayedRay;
  beforeAll(async () => {
    ray = new PlayedRay();
    await ray.listen();
  });
  afterAll(() => ray.close());

  it("submits jobs, and again where a node dies, and counts each shard once", async () => {
    const output = join(home, "ray");
    const lines: string[] = [];
    const batch = scoreFolder({
      model: saved,
      input,
      output,
      environment: "ray",
      ray: { address: ray.address },
      workers: 1,
      shards: 3,
      leaseSeconds: 1,
      progress: (line) => void lines.push(line),
    });
    const [report] = await Promise.all([batch, killOne(output)]);
    expect(report).toMatchObject({ shards: 3, lostWorkers: 1 });
    await expectWhole(report);
    expect(ray.submitted).toHaveLength(2);
    expect(ray.submitted[0]).toMatchObject({
      entrypoint_num_cpus: 1,
      submission_id: expect.stringMatching(/^vitrine-score-folder-/) as unknown,
    });
    expect(lines.join("\n")).toMatch(
      /Ray 2\.60\.0-played[\s\S]*is failed \(Job supervisor actor died\)[\s\S]*3 of 3 shards/,
    );
  });

  it("says that nothing answers, or who refuses", async () => {
    const asked = (address: string) =>
      scoreFolder({
        model: saved,
        input,
        output: join(home, "ray-none"),
        environment: "ray",
        ray: { address },
        progress: null,
      });
    await expect(asked("http://127.0.0.1:9")).rejects.toMatchObject({ details: { kind: "unreachable" } });
    await expect(asked(`${ray.address}/moon`)).rejects.toThrow(/Ray answered 404/);
  });
});

/** The jobs part of Ray's dashboard: its paths, its words, and its refusal of what looks like a browser. Jobs are processes. */
class PlayedRay {
  readonly submitted: { submission_id: string; entrypoint: string }[] = [];
  private readonly jobs = new Map<string, { child: ChildProcess; status: string; message: string; logs: string }>();
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const agent = request.headers["user-agent"];
      const browser =
        Object.keys(request.headers).some((name) => name.startsWith("sec-fetch")) || agent?.startsWith("Mozilla");
      // Ray 2.51.1 takes it for granted.
      const refused = agent === undefined ? 500 : browser ? 405 : 404;
      const answer =
        agent === undefined || browser
          ? undefined
          : this.answer(request.method ?? "", request.url ?? "", Buffer.concat(chunks).toString());
      response.writeHead(answer === undefined ? refused : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? String(refused)));
    });
  });

  async listen(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const { child } of this.jobs.values()) child.kill("SIGKILL");
    this.server.close();
    await once(this.server, "close");
  }

  private answer(method: string, path: string, body: string): unknown {
    if (path === "/api/version") return { version: "4", ray_version: "2.60.0-played" };
    if (method === "POST" && path === "/api/jobs/")
      return this.submit(JSON.parse(body) as PlayedRay["submitted"][number]);
    const [, id = "", part] = /^\/api\/jobs\/([\w-]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const job = this.jobs.get(id);
    if (!job) return undefined;
    if (part === "stop") return { stopped: job.child.kill("SIGTERM") };
    return part === "logs" ? { logs: job.logs } : { submission_id: id, status: job.status, message: job.message };
  }

  private submit(order: PlayedRay["submitted"][number]): { submission_id: string; job_id: string } {
    this.submitted.push(order);
    const child = spawn("sh", ["-c", `exec ${order.entrypoint}`], { stdio: ["ignore", "pipe", "pipe"] });
    const job = { child, status: "RUNNING", message: "Job is currently running.", logs: "" };
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (job.logs += chunk.toString()));
    child.once("exit", (code) => {
      job.status = code === 0 ? "SUCCEEDED" : "FAILED";
      job.message = code === null ? "Job supervisor actor died" : `Job entrypoint command ended with code ${code}`;
    });
    this.jobs.set(order.submission_id, job);
    return { submission_id: order.submission_id, job_id: order.submission_id };
  }
}
