import { mkdtemp, readdir, readFile, rm, utimes, writeFile, mkdir, copyFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadWeights, type LoadWeightsOptions } from "../../../src/kernel-lib/hub/load-weights.js";
import { encodeSafetensors } from "../../../src/kernel-lib/hub/safetensors-writer.js";
import type { FloatTensor, Tensor } from "../../../src/kernel-lib/hub/tensor.js";
import { isVitrineError, type VitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { breakOff, clientHas, type FileServer, type Handler, sendFile, serve, sha256 } from "./file-server.js";
import { fixturePath } from "./fixture.js";

const data = Float32Array.from({ length: 50_000 }, (_, i) => i);
const tensors = new Map<string, Tensor>([["w", { dtype: "F32", shape: [50_000], data }]]);
const file = Buffer.from(encodeSafetensors(tensors));

let folder = "";
let servers: FileServer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vitrine-hub-"));
  servers = [];
  for (const name of ["VITRINE_HUB", "HF_ENDPOINT", "HF_HUB_OFFLINE"]) vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.map((server) => server.close()));
  await rm(folder, { recursive: true });
});

async function server(handle: Handler): Promise<FileServer> {
  const started = await serve(handle);
  servers.push(started);
  return started;
}
const load = (source: string, options: LoadWeightsOptions = {}) =>
  loadWeights(source, {
    cacheDir: join(folder, "hub"),
    retryDelay: 1,
    ...options,
    onProgress: (progress) => {
      clientHas(progress.received);
      options.onProgress?.(progress);
    },
  });
const failure = async (promise: Promise<unknown>) => (await promise.catch((error: unknown) => error)) as VitrineError;
const kept = async () => (await readdir(join(folder, "hub")).catch(() => [])).map((name) => name.replace(/^\w+--/, ""));

/** The very numbers; compared as bytes, which is quick. */
function expectData(found: ReadonlyMap<string, FloatTensor>): void {
  const bytes = (numbers: Float32Array) => Buffer.from(numbers.buffer);
  expect(bytes(found.get("w")?.data ?? new Float32Array()).equals(bytes(data))).toBe(true);
}

/** Loads over a server that answers by `handle`, and expects the very tensors. */
async function expectLoaded(handle: Handler, options: LoadWeightsOptions = {}): Promise<FileServer> {
  const started = await server(handle);
  const { tensors: found } = await load(`${started.url}/model.safetensors`, options);
  expectData(found);
  const host = started.url.replace("http://", "").replace(":", "--");
  expect((await kept()).sort()).toEqual([`${host}--model.safetensors`, `${host}--model.safetensors.json`]);
  return started;
}

describe("loadWeights fetches", () => {
  it("a file once, tells how far it is, and then takes it from the cache", async () => {
    const progress: [number, number | undefined][] = [];
    const onProgress = ({ received, total }: { received: number; total: number | undefined }) =>
      progress.push([received, total]);
    const { url, requests } = await expectLoaded((q, r) => sendFile(q, r, file), { onProgress });
    expect(progress.at(-1)).toEqual([file.length, file.length]);
    expect(progress.every(([received], i) => received > (progress[i - 1]?.[0] ?? 0))).toBe(true);
    const again = await load(`${url}/model.safetensors`);
    expectData(again.tensors);
    expect(again.source).toBe(`${url}/model.safetensors`);
    expect(requests.length).toBe(1);
  });

  it("on from where a server broke off, each time", async () => {
    const { requests } = await expectLoaded((q, r, count) => {
      const start = Number(/\d+/.exec(q.headers.range ?? "0")?.[0]);
      if (count <= 2) breakOff(r, file, count * 60_000, { start });
      else sendFile(q, r, file);
    });
    const starts = requests.map(({ range }) => Number(/\d+/.exec(range ?? "0")?.[0]));
    expect(starts).toEqual([0, 60_000, 120_000]);
  });

  it("on from where an earlier process was stopped", async () => {
    const abort = new AbortController();
    const { url } = await server((q, r, count) => {
      if (count > 1) {
        sendFile(q, r, file);
        return;
      }
      r.writeHead(200, { etag: `"${sha256(file)}"`, "content-length": file.length });
      r.write(file.subarray(0, 70_000));
    });
    const stopped = await failure(
      load(`${url}/model.safetensors`, {
        signal: abort.signal,
        onProgress: ({ received }) => {
          if (received >= 70_000) abort.abort();
        },
      }),
    );
    expect(isVitrineError(stopped, "Stopped")).toBe(true);
    expect((await kept()).filter((name) => name.endsWith(".lock"))).toEqual([]);
    const { tensors: found } = await load(`${url}/model.safetensors`);
    expectData(found);
    expect(servers[0]?.requests[1]?.range).toBe("bytes=70000-");
  });

  it("from the start where the file has changed in between", async () => {
    const old = Buffer.from(file).fill(7, 1000);
    const { requests } = await expectLoaded((q, r, count) => {
      if (count === 1) breakOff(r, old, 60_000);
      else sendFile(q, r, file);
    });
    expect(requests[1]?.range).toBe("bytes=60000-");
  });

  it("from the start where the server knows no ranges, or gives another one", async () => {
    await expectLoaded((q, r, count) => {
      if (count === 1) {
        breakOff(r, file, 60_000);
        return;
      }
      if (count > 2) {
        sendFile(q, r, file);
        return;
      }
      const range = `bytes 5-${file.length - 1}/${file.length}`;
      r.writeHead(206, { etag: `"${sha256(file)}"`, "content-range": range, "content-length": file.length - 5 });
      r.end(file.subarray(5));
    });
  });

  it.each([429, 500, 503])("again after %s, and not before the pause that is asked for", async (status) => {
    const times: number[] = [];
    await expectLoaded((q, r, count) => {
      times.push(performance.now());
      if (count === 1) r.writeHead(status, { "retry-after": "1" }).end();
      else sendFile(q, r, file);
    });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it("again where no byte comes for too long", async () => {
    await expectLoaded(
      (q, r, count) => {
        if (count > 1) sendFile(q, r, file);
      },
      { stallTimeout: 1000 },
    );
  });

  it("a known name from a mirror, checked by the size and SHA-256 that the hub states, over its redirect", async () => {
    const { url, requests } = await server((q, r) => {
      if (q.url?.startsWith("/cdn") === true) {
        sendFile(q, r, file);
        return;
      }
      const facts = { "x-linked-etag": `"${sha256(file)}"`, "x-linked-size": String(file.length) };
      r.writeHead(302, { location: "/cdn/abc", ...facts }).end();
    });
    vi.stubEnv("HF_ENDPOINT", url);
    const { licence, source } = await load("imagenet:resnet18");
    expect(licence).toContain("BSD-3-Clause");
    expect(source).toBe(`${url}/timm/resnet18.tv_in1k/resolve/main/model.safetensors`);
    expect(requests.map(({ path }) => path)).toEqual([
      "/timm/resnet18.tv_in1k/resolve/main/model.safetensors",
      "/cdn/abc",
    ]);
    // The same cache whichever mirror is set.
    vi.stubEnv("HF_ENDPOINT", "http://127.0.0.1:9");
    expectData((await load("imagenet:resnet18")).tensors);
  });

  it("again what has gone bad in the cache", async () => {
    const { url, requests } = await expectLoaded((q, r) => sendFile(q, r, file));
    const name = (await readdir(join(folder, "hub"))).find((entry) => entry.endsWith(".safetensors")) ?? "";
    await writeFile(join(folder, "hub", name), Buffer.alloc(file.length));
    expectData((await load(`${url}/model.safetensors`)).tensors);
    expect(requests.length).toBe(2);
  });

  it("twice at once without mixing the two, and takes over a dead process's lock", async () => {
    const { url } = await server((q, r) => void setTimeout(() => sendFile(q, r, file), 30));
    const both = await Promise.all([load(`${url}/model.safetensors`), load(`${url}/model.safetensors`)]);
    for (const { tensors: found } of both) expectData(found);
    expect((await kept()).length).toBe(2);
    const name = (await readdir(join(folder, "hub"))).find((entry) => entry.endsWith(".safetensors")) ?? "";
    const lock = join(folder, "hub", `${name}.lock`);
    await rm(join(folder, "hub", name));
    await writeFile(lock, "1");
    await utimes(lock, 0, 0);
    expectData((await load(`${url}/model.safetensors`)).tensors);
    expect((await kept()).length).toBe(2);
  });
});

describe("loadWeights says WeightsUnavailable, with the ways out and nothing in the cache, where", () => {
  async function expectUnavailable(handle: Handler, reason: RegExp, options: LoadWeightsOptions = {}) {
    const started = await server(handle);
    const error = await failure(load(`${started.url}/model.safetensors`, options));
    expect(isVitrineError(error, "WeightsUnavailable") ? error.details.reason : error).toMatch(reason);
    expect(error.message).toContain(`fetch ${started.url}/model.safetensors where there is a network`);
    expect(error.message).toContain("VITRINE_HUB");
    expect(error.message).toContain('baseModel: "embedded"');
    expect((await kept()).filter((name) => !/\.part(\.json)?$/.test(name))).toEqual([]);
    return started;
  }

  it("the file is not there, at once", async () => {
    const { requests } = await expectUnavailable((_, r) => void r.writeHead(404).end(), /answers 404$/);
    expect(requests.length).toBe(1);
  });

  it("the server stays busy, after five tries", async () => {
    const { requests } = await expectUnavailable((_, r) => void r.writeHead(429).end(), /answers 429$/);
    expect(requests.length).toBe(5);
  });

  it("the server asks for a pause of an hour, at once", async () => {
    const busy: Handler = (_, r) => void r.writeHead(503, { "retry-after": "3600" }).end();
    const { requests } = await expectUnavailable(busy, /answers 503 and asks for a pause of 3600 s/);
    expect(requests.length).toBe(1);
  });

  it("the server always breaks off at the same place", async () => {
    await expectUnavailable((_, r) => breakOff(r, file, 100, { etag: 'W/"weak"' }), /broke off/);
  });

  it("fewer bytes are sent than the hub promised", async () => {
    const lying: Handler = (q, r) => {
      r.setHeader("x-linked-size", file.length + 1);
      sendFile(q, r, file);
    };
    await expectUnavailable(lying, /the hub promises 200\d+ bytes, but 200\d+ are sent/);
  });

  it("more bytes come than were promised", async () => {
    const endless: Handler = (_, r) => {
      r.writeHead(200, { "x-linked-size": "1000" });
      r.end(file);
    };
    await expectUnavailable(endless, /more than 1000 bytes came/);
  });

  it("the SHA-256 is another, after one try", async () => {
    const wrong: Handler = (q, r) => {
      r.setHeader("x-linked-etag", `"${"0".repeat(64)}"`);
      sendFile(q, r, file);
    };
    const { requests } = await expectUnavailable(
      wrong,
      new RegExp(`its SHA-256 is ${sha256(file)}, but 0{64} was promised`),
    );
    expect(requests.length).toBe(1);
  });

  it("redirects go round, or lead away from http", async () => {
    await expectUnavailable((_, r) => void r.writeHead(302, { location: "/" }).end(), /redirects without end/);
    await expectUnavailable(
      (_, r) => void r.writeHead(302, { location: "file:///etc/passwd" }).end(),
      /not fetched from/,
    );
  });

  it("there is no network, at once", async () => {
    const closed = await serve(() => undefined);
    await closed.close();
    vi.stubEnv("VITRINE_HUB", closed.url);
    const error = await failure(load("imagenet:resnet18", { retryDelay: 60_000 }));
    expect(isVitrineError(error, "WeightsUnavailable")).toBe(true);
    expect(error.message).toContain("can't be reached (ECONNREFUSED)");
  });

  it("HF_HUB_OFFLINE is set", async () => {
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    const error = await failure(load("imagenet:resnet18"));
    expect(error.message).toContain(
      "No weights from imagenet:resnet18: HF_HUB_OFFLINE is set, and they are not in the cache",
    );
    expect(error.message).toContain(
      "https://huggingface.co/timm/resnet18.tv_in1k/resolve/main/model.safetensors or https",
    );
  });
});

describe("loadWeights", () => {
  it("keeps nothing of a page that is no weights file, and names the address", async () => {
    const { url } = await server((_, r) => void r.end("<!DOCTYPE html><title>Log in</title>"));
    const error = await failure(load(`${url}/model.safetensors`));
    expect(error.message).toContain(`${url}/model.safetensors, the first bytes: expected a safetensors file`);
    expect(error.message).toContain("but found a web page");
    expect(await kept()).toEqual([]);
  });

  it("reads a path, widens halves, narrows doubles, leaves counters out", async () => {
    const { tensors: found, source, licence, path } = await load(fixturePath("state-dict.pth"));
    expect([source, licence, path]).toEqual([fixturePath("state-dict.pth"), undefined, fixturePath("state-dict.pth")]);
    expect([...found.keys()]).not.toContain("1.num_batches_tracked");
    const every = (await load(fixturePath("every-type.safetensors"))).tensors;
    for (const name of ["float64", "float32", "float16", "bfloat16"]) {
      expect(every.get(name)?.data).toBeInstanceOf(Float32Array);
    }
    expect(every.has("int64")).toBe(false);
  });

  it("reads from a mirror that is a folder", async () => {
    await mkdir(join(folder, "timm/resnet18.tv_in1k"), { recursive: true });
    await copyFile(fixturePath("every-type.safetensors"), join(folder, "timm/resnet18.tv_in1k/model.safetensors"));
    vi.stubEnv("VITRINE_HUB", folder);
    const { source, licence } = await load("imagenet:resnet18");
    expect(source).toBe(join(folder, "timm/resnet18.tv_in1k/model.safetensors"));
    expect(licence).toContain("BSD");
    const missing = await failure(load("hf:microsoft/resnet-18"));
    expect(isVitrineError(missing, "MissingFile")).toBe(true);
  });

  it("says what a broken or missing local file is", async () => {
    await expect(load(join(folder, "none.safetensors"))).rejects.toThrow("expected a weights file, but there is none");
    const cut = join(folder, "cut.safetensors");
    await writeFile(cut, (await readFile(fixturePath("every-type.safetensors"))).subarray(0, 1000));
    await expect(load(cut)).rejects.toThrow(`${cut}, header length (bytes 0 to 8)`);
  });

  it.each([
    ["imagenet:vgg", "Expected one of imagenet:resnet18, "],
    ["hf:resnet", "Expected hf:owner/name, hf:owner/name@revision or hf:owner/name/file for weights"],
    ["hf:a/b/../../c", "Expected hf:owner/name"],
    ["ftp://host/file", "Expected a path, an http(s) address, or a known name"],
  ])("refuses %s", async (source, message) => {
    await expect(load(source)).rejects.toThrow(message);
  });
});
