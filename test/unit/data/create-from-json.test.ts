/** Pictures by a list: a server on this machine plays Openverse's API and the pictures' hosts, and misbehaves. */
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { parseCsv } from "../../../src/kernel-lib/data/formats/csv.js";
import type { CreateFromJsonOptions } from "../../../src/kernel-lib/data/search/collect-by-list.js";
import type { ImageProvider } from "../../../src/kernel-lib/data/search/image-provider.js";
import { Openverse } from "../../../src/kernel-lib/data/search/openverse.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { noiseImage, put, sharp, temporaryFolder } from "./pictures.js";

const folder = await temporaryFolder();
let count = 0;

/** Big soft shapes: pictures that differ as photographs do. */
const shapes = (seed: number, side = 96) =>
  noiseImage(6, 5, seed).resize(side, side, { kernel: "cubic" }).removeAlpha();

const pictures = new Map<string, Buffer>();
for (let i = 1; i <= 45; i++)
  pictures.set(
    `/img/${i}.jpg`,
    await shapes(i * 7919)
      .jpeg({ quality: 92 })
      .toBuffer(),
  );
const bowl = await shapes(5000).png().toBuffer();
pictures.set("/img/bowl.jpg", bowl);
pictures.set("/img/bowl-again.jpg", bowl);
pictures.set("/img/bowl-small.jpg", await sharp(bowl).resize(80).jpeg({ quality: 60 }).toBuffer());
pictures.set("/img/tiny.png", await shapes(6000, 20).png().toBuffer());

const asked: { path: string; time: number; headers: Record<string, unknown> }[] = [];
let misbehave: (path: string, response: ServerResponse) => boolean = () => false;

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  asked.push({ path: url.pathname + url.search, time: performance.now(), headers: request.headers });
  if (misbehave(url.pathname, response)) return;
  if (url.pathname === "/v1/images/") {
    response.end(JSON.stringify(results(url.searchParams)));
    return;
  }
  const picture = pictures.get(url.pathname);
  response.statusCode = picture ? 200 : 404;
  response.end(picture);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function results(query: URLSearchParams) {
  const page = Number(query.get("page"));
  const size = Number(query.get("page_size"));
  const total = query.get("q") === "nothing" ? 0 : 45;
  const first = (page - 1) * size;
  const numbers = Array.from({ length: Math.max(0, Math.min(size, total - first)) }, (_, i) => first + i + 1);
  return {
    result_count: total,
    page_count: Math.ceil(total / size),
    results: numbers.map((n) => ({
      id: String(n),
      url: `${base}/img/${n}.jpg`,
      title: `=Picture, "${n}"`,
      creator: "Ann",
      license: n % 2 ? "by-sa" : "cc0",
      license_version: n % 2 ? "2.0" : "1.0",
      license_url: "https://creativecommons.org/",
      foreign_landing_url: `https://example.org/${n}`,
    })),
  };
}

beforeEach(() => {
  asked.length = 0;
  misbehave = () => false;
});

async function collect(list: object, options: CreateFromJsonOptions = {}, place = `run-${++count}`) {
  const dir = join(folder, place, "pictures");
  const file = await put(join(folder, place, "list.json"), JSON.stringify(list));
  const provider = new Openverse({ baseUrl: `${base}/v1`, interval: 0 });
  const set = await ClassificationDataset.createFromJson("set", file, {
    dir,
    provider,
    allowPrivate: true,
    ...options,
  });
  return { set, dir, reasons: set.problems.map(({ path, reason }) => `${path.replace(base, "")}: ${reason}`) };
}

const refused = (promise: Promise<unknown>, code: Parameters<typeof isVitrineError>[1]) =>
  expect(promise).rejects.toSatisfy((error) => isVitrineError(error, code));

describe("a list of texts, addresses, folders and files", () => {
  test("becomes a folder a label, with each picture's source, licence and author beside", async () => {
    await put(join(folder, "mixed", "mine", "deep", "a.png"), await shapes(7000).png().toBuffer());
    await put(join(folder, "mixed", "one.png"), await shapes(7001).png().toBuffer());
    const list = { cup: ["coffee cup"], bowl: [`${base}/img/bowl.jpg`, "mine", "one.png"] };
    const seen: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => seen.push(done / total);
    const { set, dir, reasons } = await collect(list, { imagesPerQuery: 25, onProgress }, "mixed");
    expect(reasons).toEqual([]);
    expect(set.labels).toEqual(["cup", "bowl"]);
    expect(Object.fromEntries(set.counts())).toEqual({ cup: 25, bowl: 3 });
    expect(seen).toHaveLength(28);
    expect(seen.at(-1)).toBe(1);
    const pages = asked.filter(({ path }) => path.startsWith("/v1/"));
    expect(pages.map(({ path }) => new URL(path, base).searchParams.get("page"))).toEqual(["1", "2"]);
    expect(pages[0]?.path).toContain("q=coffee+cup&page=1&page_size=20&mature=false");
    expect(set.images[0]?.attribution).toEqual({
      url: `${base}/img/1.jpg`,
      title: '=Picture, "1"',
      licence: "CC BY-SA 2.0",
      licenceUrl: "https://creativecommons.org/",
      author: "Ann",
      page: "https://example.org/1",
      provider: "Openverse",
      query: "coffee cup",
    });
    expect(set.images[1]?.attribution?.licence).toBe("CC0 1.0");
    const bowls = set.images.filter(({ labels }) => labels[0] === "bowl");
    // Told by content: the address ends with .jpg.
    expect(bowls.map(({ name }) => name)).toEqual([`${bowls[0]?.storageId ?? ""}.png`, "a.png", "one.png"]);
    expect(bowls.map(({ attribution }) => attribution?.provider)).toEqual(["address", undefined, undefined]);
    const [head, first, ...rows] = parseCsv(readFileSync(join(dir, "attribution.csv"), "utf8"));
    expect(head).toEqual("file,label,title,author,licence,licence_url,page,url,provider,query".split(","));
    // A title that a spreadsheet would compute is text.
    expect(first?.slice(1, 5)).toEqual(["cup", `'=Picture, "1"`, "Ann", "CC BY-SA 2.0"]);
    expect(rows).toHaveLength(25);
    const again = await ClassificationDataset.createFromDir("again", dir);
    expect(Object.fromEntries(again.counts())).toEqual({ bowl: 1, cup: 25 });
  });

  test("twice fetches nothing again; labels corrected meanwhile are kept", async () => {
    const first = await collect({ cup: ["cup"], bowl: [`${base}/img/bowl.jpg`] }, { imagesPerQuery: 5 }, "twice");
    first.set.changeLabelForImage(0, "bowl");
    const before = asked.length;
    const second = await collect({ cup: ["cup"], bowl: [`${base}/img/bowl.jpg`] }, { imagesPerQuery: 5 }, "twice");
    expect(asked).toHaveLength(before);
    expect(second.set.images.map(({ name, labels }) => [name, labels])).toEqual(
      first.set.images.map(({ name, labels }) => [name, labels]),
    );
    expect(second.set.images[0]?.labels).toEqual(["bowl"]);
  });

  test("that was stopped goes on where it was", async () => {
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 6) stop.abort();
    };
    const options = { imagesPerQuery: 20, concurrency: 2, signal: stop.signal, onProgress };
    await refused(collect({ cup: ["cup"] }, options, "stopped"), "Stopped");
    const before = new Set(asked.map(({ path }) => path));
    expect(before.size).toBeLessThan(12);
    asked.length = 0;
    const { set } = await collect({ cup: ["cup"] }, { imagesPerQuery: 20 }, "stopped");
    expect(set.size()).toBe(20);
    // At most the two that were on their way are asked for twice.
    expect(asked.filter(({ path }) => before.has(path)).length).toBeLessThanOrEqual(2);
    expect(asked.length).toBeLessThanOrEqual(16);
  });

  test("the same picture twice, and nearly the same, is taken once, under the first of its labels", async () => {
    const urls = ["bowl.jpg", "bowl-again.jpg", "bowl-small.jpg"].map((name) => `${base}/img/${name}`);
    const { set, reasons, dir } = await collect({
      bowl: urls.slice(0, 2),
      cup: [...urls.slice(2), `${base}/img/1.jpg`],
    });
    expect(set.size()).toBe(2);
    const path = set.images[0]?.storagePath ?? "";
    expect(reasons).toEqual([
      `/img/bowl-again.jpg: it is the same picture as ${path}, of bowl`,
      `/img/bowl-small.jpg: it is nearly the same picture as ${path}, of bowl`,
    ]);
    expect(readdirSync(join(dir, "cup"))).toHaveLength(1);
  });
});

describe("hosts that misbehave", () => {
  test("each picture that can't be had is listed with the reason; the others are there", async () => {
    misbehave = (path, response) => {
      if (path === "/img/text.jpg") response.end("<html>sorry</html>");
      else if (path === "/img/huge.jpg") {
        response.writeHead(200, { "content-length": "99999999" });
        response.write("x");
      } else if (path === "/img/endless.jpg") {
        const timer = setInterval(() => response.write(Buffer.alloc(50_000)), 1);
        response.once("close", () => clearInterval(timer));
      } else if (path === "/img/slow.jpg") response.write("x");
      else if (path === "/img/cut.jpg") response.end(pictures.get("/img/1.jpg")?.subarray(0, 900));
      else if (path === "/img/file.jpg") response.writeHead(302, { location: "file:///etc/passwd" }).end();
      else if (path === "/img/loop.jpg") response.writeHead(302, { location: path }).end();
      else if (path === "/img/moved.jpg") response.writeHead(302, { location: "/img/2.jpg" }).end();
      else if (path === "/img/broken.jpg") response.destroy();
      else return false;
      return true;
    };
    const names = "text huge endless slow cut file loop moved broken gone".split(" ");
    const urls = [...names.map((name) => `${base}/img/${name}.jpg`), `${base}/img/tiny.png`, `${base}/img/1.jpg`];
    const { set, reasons } = await collect({ cup: urls }, { maxBytes: 200_000, timeout: 5000 });
    expect(set.images.map(({ attribution }) => attribution?.url.replace(base, ""))).toEqual([
      "/img/moved.jpg",
      "/img/1.jpg",
    ]);
    expect(reasons).toEqual([
      '/img/text.jpg: it begins with "<html>so", as no JPEG, PNG, WebP, GIF or TIFF does',
      "/img/huge.jpg: it has more than 200000 bytes",
      "/img/endless.jpg: it has more than 200000 bytes",
      "/img/slow.jpg: it took more than 5 s",
      expect.stringMatching(/^\/img\/cut\.jpg: ./),
      "/img/file.jpg: only http: and https: are fetched, not file:",
      "/img/loop.jpg: more than 5 redirects",
      "/img/broken.jpg: ECONNRESET",
      "/img/gone.jpg: the server answered 404",
      "/img/tiny.png: 20 × 20 pixels are fewer than the 64 a side that were asked for",
    ]);
  });

  test("nothing is asked of this machine or its network unless the caller allows it, whoever names the address", async () => {
    const found = [
      "http://169.254.169.254/latest",
      "http://[::1]/a.jpg",
      "http://2130706433/a.jpg",
      "file:///etc/passwd",
    ];
    const provider = { name: "mine", search: () => Promise.resolve(found.map((url) => ({ url }))) };
    const list = { cup: ["cup", `${base}/img/1.jpg`, join(process.cwd(), "sample_data/tableware/cup")] };
    const { set, reasons } = await collect(list, { provider, allowPrivate: false });
    expect(asked).toEqual([]);
    expect(set.size()).toBeGreaterThan(10);
    expect(reasons.slice(0, 5)).toEqual([
      "http://169.254.169.254/latest: 169.254.169.254 is not an address of the public internet",
      "http://[::1]/a.jpg: ::1 is not an address of the public internet",
      "http://2130706433/a.jpg: 127.0.0.1 is not an address of the public internet",
      "file:///etc/passwd: only http: and https: are fetched, not file:",
      "/img/1.jpg: 127.0.0.1 is not an address of the public internet",
    ]);
  });
});

describe("Openverse", () => {
  test("asks once a second or as told, filters by licence, sends the token, stops at the last page", async () => {
    const provider = new Openverse({ baseUrl: `${base}/v1/`, interval: 600, licences: ["cc0", "by"], token: "secret" });
    const found = await provider.search("cup", { count: 100 });
    expect(found).toHaveLength(45);
    expect(asked).toHaveLength(3);
    for (const { path, headers } of asked) {
      expect(path).toContain("license=cc0%2Cby");
      expect(headers["authorization"]).toBe("Bearer secret");
    }
    const gaps = asked.slice(1).map(({ time }, i) => time - (asked[i]?.time ?? 0));
    // Half of it may be lost where a request takes long to arrive.
    expect(Math.min(...gaps)).toBeGreaterThan(300);
    expect(await provider.search("nothing", { count: 5 })).toEqual([]);
  });

  test("waits when it is told to, and gives up with the reason", async () => {
    let busy = 1;
    misbehave = (path, response) => {
      if (!path.startsWith("/v1/") || busy-- <= 0) return false;
      response.writeHead(429).end("slow down");
      return true;
    };
    const provider = new Openverse({ baseUrl: `${base}/v1`, interval: 1 });
    expect(await provider.search("cup", { count: 3 })).toHaveLength(3);
    busy = 99;
    await refused(provider.search("cup", { count: 3 }), "FetchFailed");
    misbehave = (path, response) => path.startsWith("/v1/") && Boolean(response.end('{"results": 7}'));
    await expect(provider.search("cup", { count: 3 })).rejects.toThrow("the answer is not what Openverse's API gives");
  });

  test("a search that fails or finds nothing is a problem, and the rest is there", async () => {
    misbehave = (path, response) => path.startsWith("/v1/") && Boolean(response.writeHead(403).end());
    const { set, reasons } = await collect({ cup: ["cup", `${base}/img/1.jpg`] });
    expect(set.size()).toBe(1);
    expect(reasons[0]).toContain("cup: the search failed: ");
    misbehave = () => false;
    expect((await collect({ cup: ["nothing", `${base}/img/1.jpg`] })).reasons).toEqual([
      "nothing: Openverse has found nothing",
    ]);
  });

  test("a signal ends the wait", async () => {
    const provider = new Openverse({ baseUrl: `${base}/v1`, interval: 60_000 });
    await provider.search("cup", { count: 3 });
    await refused(provider.search("cup", { count: 3, signal: AbortSignal.timeout(30) }), "Stopped");
  });
});

describe("lists that can't be", () => {
  test.each([
    ["no JSON", "{", "expected JSON"],
    ["an array", "[]", '{ "label": ["text, folder or address", …] }'],
    ["nothing", "{}", "the whole file"],
    ["a text for a list", '{"cup":"coffee"}', "list.json, cup: expected"],
    ["an empty list", '{"cup":[]}', "list.json, cup: expected"],
    ["a label of spaces", '{" ":["x"]}', "list.json"],
  ])("%s", async (_, text, message) => {
    const file = await put(join(folder, `bad-${++count}`, "list.json"), text);
    await expect(ClassificationDataset.createFromJson("set", file, { dir: join(folder, "none") })).rejects.toThrow(
      message,
    );
  });

  test("a path that leads nowhere is a problem and no search; nothing at all is an error; wrong options are refused", async () => {
    const { reasons } = await collect({ cup: ["./gone/cups", "ftp://example.org/a.jpg", `${base}/img/1.jpg`] });
    expect(reasons).toEqual([
      "./gone/cups: there is no such file or folder, for cup",
      "ftp://example.org/a.jpg: there is no such file or folder, for cup",
    ]);
    expect(asked.some(({ path }) => path.startsWith("/v1/"))).toBe(false);
    await refused(collect({ cup: [`${base}/img/gone.jpg`] }), "InvalidDataset");
    await refused(collect({ cup: ["cup"] }, { imagesPerQuery: 0 }), "InvalidOption");
    await refused(collect({ cup: ["cup"] }, { provider: { name: "x" } as unknown as ImageProvider }), "InvalidOption");
  });
});
