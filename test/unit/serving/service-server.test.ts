/** What a service answers over HTTP, to good requests and to bad ones; each over a real socket or fastify's own injection. */
import { connect, type AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

import { afterEach, describe, expect, it } from "vitest";

import { newKey, recordOf } from "../../../src/kernel-lib/serving/keys/service-keys.js";
import { KEYS, standInService, type StandInService } from "./stand-in-service.js";

const authorization = `Bearer ${KEYS.primary}`;
const json = { authorization, "content-type": "application/json" };
const picture = (text = "good", parameters?: object) => ({
  image_in_base64: Buffer.from(text).toString("base64"),
  ...(parameters && { parameters }),
});

interface Refusal {
  error: { code: string; message: string; index?: number; request_id: string };
}

let open: StandInService[] = [];
afterEach(async () => {
  await Promise.all(open.map(({ app }) => app.close()));
  open = [];
});

async function service(...args: Parameters<typeof standInService>): Promise<StandInService> {
  const made = await standInService(...args);
  open.push(made);
  return made;
}

async function listening(...args: Parameters<typeof standInService>): Promise<StandInService & { port: number }> {
  const made = await service(...args);
  await made.app.listen({ host: "127.0.0.1", port: 0 });
  return { ...made, port: (made.app.server.address() as AddressInfo).port };
}

const post = ({ app }: StandInService, payload: string | Buffer | object, headers: Record<string, string> = json) =>
  app.inject({ method: "POST", url: "/score", headers, payload });

describe("scoring", () => {
  it("answers a list of pictures with a list of JSON texts, in their order", async () => {
    const answer = await post(await service(), [
      picture(),
      picture("good", { ADD_SOFTMAX: true }),
      picture("good", { top_k: 1 }),
    ]);
    expect(answer.statusCode).toBe(200);
    const [plain = "", soft = "", ranked = ""] = answer.json<string[]>();
    expect(JSON.parse(plain)).toEqual([1, 3, 2]);
    expect((JSON.parse(soft) as number[]).reduce((sum, value) => sum + value)).toBeCloseTo(1, 6);
    expect(JSON.parse(ranked)).toEqual([{ label: "dog", index: 1, score: 3 }]);
    expect(answer.headers).toMatchObject({ "x-model-version": "1", "x-request-id": expect.any(String) as string });
  });

  it.each(["image/jpeg", "image/png", "application/octet-stream"])("takes a picture as %s", async (type) => {
    const made = await service();
    const headers = { authorization, "content-type": type };
    const answer = await made.app.inject({
      method: "POST",
      url: "/score?top_k=1",
      headers,
      payload: Buffer.from("raw"),
    });
    expect(answer.json<string[]>().map((text) => JSON.parse(text) as unknown)).toEqual([
      [{ label: "dog", index: 1, score: 3 }],
    ]);
  });

  it("takes a form with pictures and parameters", async () => {
    const made = await listening();
    const form = new FormData();
    form.append("first", new Blob(["good"]), "a.jpg");
    form.append("ADD_SOFTMAX", "true");
    form.append("second", new Blob(["good"]), "b.jpg");
    const url = `http://127.0.0.1:${made.port}/score`;
    const answer = await fetch(url, { method: "POST", headers: { authorization }, body: form });
    const texts = (await answer.json()) as string[];
    expect(texts).toHaveLength(2);
    expect((JSON.parse(texts[0] ?? "") as number[])[1]).toBeLessThan(1);
  });

  it("keeps a request's id, and makes one where it would not do in a log", async () => {
    const made = await service();
    const given = await post(made, [picture()], { ...json, "x-request-id": "mine-1" });
    expect(given.headers["x-request-id"]).toBe("mine-1");
    const other = await post(made, [picture()], { ...json, "x-request-id": 'a" b' });
    expect(other.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("logs neither keys nor pictures", async () => {
    const made = await service();
    await post(made, [picture("a secret picture")]);
    await post(made, [picture("bad")]);
    await post(made, [picture()], { ...json, authorization: "Bearer vk-wrong" });
    const log = made.log.join("");
    expect(log).toMatch(/"status":200.*"key":"primary"/);
    expect(log).not.toMatch(/vk-|Bearer|a secret|YSBzZWNyZXQ/);
  });
});

describe("refusals", () => {
  it.each([
    ["no key", {}],
    ["a wrong key", { authorization: "Bearer vk-wrong" }],
    ["a key in another form", { authorization: `Basic ${KEYS.primary}` }],
    ["an empty key", { authorization: "Bearer " }],
    ["the hash of a key", { authorization: `Bearer ${recordOf(KEYS.primary).sha256}` }],
  ])("answers 401 to %s", async (_what, headers) => {
    const answer = await post(await service(), [picture()], { "content-type": "application/json", ...headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
    expect(answer.json<Refusal>().error.code).toBe("Unauthorized");
  });

  it.each([
    ["broken JSON", "[{", undefined],
    ["no JSON", "a picture", undefined],
    ["nothing", "", undefined],
    ["an empty list", "[]", undefined],
    ["a missing field", JSON.stringify([picture(), {}]), 1],
    ["bad base64", JSON.stringify([picture(), picture(), { image_in_base64: "%" }]), 2],
    ["what is no picture", JSON.stringify([picture(), picture("bad")]), 1],
    ["an unknown parameter", JSON.stringify([picture("good", { softmax: 1 })]), 0],
    ["a poisoned prototype", '[{"image_in_base64":"QUJD","parameters":{"__proto__":{"top_k":1}}}]', undefined],
  ])("answers 400 to %s, with the index of the picture", async (_what, payload, index) => {
    const answer = await post(await service(), payload);
    expect(answer.statusCode).toBe(400);
    const { error } = answer.json<Refusal>();
    expect(error.index).toBe(index);
    expect(error.message).toMatch(/Expected|not a picture/);
    expect(error.request_id).toBe(answer.headers["x-request-id"]);
  });

  it("accepts base64 as Python prints bytes", async () => {
    const spelt = { image_in_base64: `b'${Buffer.from("good").toString("base64")}'` };
    expect((await post(await service(), [spelt])).statusCode).toBe(200);
  });

  it("answers 415 to a type that it does not take, and 404 to a path that is not there", async () => {
    const made = await service();
    expect((await post(made, "<a/>", { authorization, "content-type": "application/xml" })).statusCode).toBe(415);
    const answer = await made.app.inject({ method: "GET", url: "/nothing" });
    expect(answer.statusCode).toBe(404);
    expect(answer.json<Refusal>().error.message).toMatch(/openapi\.json/);
  });

  it("answers 413 to more pictures than can wait", async () => {
    const answer = await post(await service({ queueSize: 2 }), [picture(), picture(), picture()]);
    expect(answer.statusCode).toBe(413);
  });

  it("answers 503 with Retry-After where the queue is full, and nothing is lost of what waits", async () => {
    const made = await service({ queueSize: 2 }, () => undefined);
    const waiting = Array.from({ length: 6 }, () => post(made, [picture()]));
    while (!made.service.dispatcher.full) await wait(5);
    const refused = await post(made, [picture()]);
    expect(refused.statusCode).toBe(503);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThanOrEqual(1);
    const { code, message, request_id } = refused.json<Refusal>().error;
    expect([code, request_id]).toEqual(["Overloaded", refused.headers["x-request-id"]]);
    expect(message).toMatch(/^The service has as much to do as it can take; try again in \d+ s$/);
    expect((await post(made, [picture()], { "content-type": "application/json" })).statusCode).toBe(401);
    const finished = Promise.all(waiting);
    const timer = setInterval(() => made.replica.jobs.slice().forEach((job) => made.replica.finish(job)), 5);
    expect((await finished).map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 6 }, () => 200));
    clearInterval(timer);
  });

  it("refuses before a body is read, leaves the connection open, counts every one, and logs them together", async () => {
    const made = await listening({ queueSize: 2 }, () => undefined);
    const waiting = Array.from({ length: 6 }, () => post(made, [picture()]));
    while (!made.service.dispatcher.full) await wait(5);
    const socket = connect(made.port, "127.0.0.1");
    const next = () => new Promise<string>((resolve) => socket.once("data", (data) => resolve(data.toString())));
    const body = "0123456789";
    const head = `POST /score HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: ${body.length}\r\n\r\n`;
    for (let i = 0; i < 3; i++) {
      socket.write(head);
      expect(await next()).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: \d+/i);
      socket.write(body);
    }
    socket.destroy();
    const { body: metrics } = await made.app.inject({ url: "/metrics", headers: { authorization } });
    expect(metrics).toMatch(/vitrine_requests_total\{route="\/score",status="503",service="cups"\} 3/);
    for (const job of made.replica.jobs.slice()) made.replica.finish(job);
    const timer = setInterval(() => made.replica.jobs.slice().forEach((job) => made.replica.finish(job)), 5);
    await Promise.all(waiting);
    clearInterval(timer);
    await made.app.close();
    const lines = made.log.filter((line) => line.includes('"status":503'));
    expect(lines.map((line) => (JSON.parse(line) as { requests: number }).requests)).toEqual([3]);
  });

  it("answers 504 where the model takes too long", async () => {
    const answer = await post(await service({ requestTimeout: 100 }, () => undefined), [picture()]);
    expect(answer.statusCode).toBe(504);
  });

  it("answers 502 where a replica failed", async () => {
    const answer = await post(await service({}, () => ({ ok: false, fault: "service", reason: "no memory" })), [
      picture(),
    ]);
    expect(answer.statusCode).toBe(502);
    expect(answer.json<Refusal>().error.message).toMatch(/no memory/);
  });

  it("answers 429 to a key that asks too often, and still serves the other", async () => {
    const made = await service({ rateLimit: 0.5 });
    expect((await post(made, [picture()])).statusCode).toBe(200);
    const refused = await post(made, [picture()]);
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThanOrEqual(1);
    expect((await post(made, [picture()], { ...json, authorization: `Bearer ${KEYS.secondary}` })).statusCode).toBe(
      200,
    );
    expect((await made.app.inject("/health")).statusCode).toBe(200);
  });

  it("does not compute for a client that has gone", async () => {
    const made = await listening({}, () => undefined);
    const gone = new AbortController();
    const url = `http://127.0.0.1:${made.port}/score`;
    const ask = () =>
      fetch(url, { method: "POST", headers: json, body: JSON.stringify([picture()]), signal: gone.signal });
    const asked = Array.from({ length: 6 }, () => ask().catch(() => undefined));
    // Four are with the replica, two wait.
    while (made.service.dispatcher.waiting < 2) await wait(5);
    gone.abort();
    await Promise.all(asked);
    while (made.service.dispatcher.waiting > 0) await wait(5);
    expect(made.replica.load).toBe(4);
  });
});

/** Writes all of a request whatever comes back, as many clients do, and reads all that comes. */
function rawRequest(port: number, head: string, body: Buffer, chunk = 65_536): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.setTimeout(5000, () => reject(new Error(`nothing more after ${JSON.stringify(text)}`)));
    socket.on("data", (data) => {
      text += data.toString();
      if (text.includes("request_id")) {
        socket.end();
        resolve(text);
      }
    });
    socket.once("error", reject);
    socket.write(head);
    const send = async () => {
      for (let at = 0; at < body.length && !socket.destroyed; at += chunk) {
        socket.write(body.subarray(at, at + chunk));
        await wait(0);
      }
    };
    void send();
  });
}

describe("a body that is too large", () => {
  const LIMIT = 100_000;
  const headers = `Host: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/octet-stream\r\n`;

  it("gets a 413 that a client who sends all of it receives", async () => {
    const { port } = await listening({ bodyLimit: LIMIT });
    const body = Buffer.alloc(8 * LIMIT, 65);
    const answer = await rawRequest(
      port,
      `POST /score HTTP/1.1\r\n${headers}Content-Length: ${body.length}\r\n\r\n`,
      body,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*at most 100000 bytes/);
  });

  it("gets it too where its length is not told before", async () => {
    const { port } = await listening({ bodyLimit: LIMIT });
    const parts = Array.from({ length: 40 }, () => Buffer.concat([Buffer.from("4e20\r\n"), Buffer.alloc(20_000, 65), Buffer.from("\r\n")])); // prettier-ignore
    const body = Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
    const answer = await rawRequest(port, `POST /score HTTP/1.1\r\n${headers}Transfer-Encoding: chunked\r\n\r\n`, body);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("by fetch, and the service goes on", async () => {
    const made = await listening({ bodyLimit: LIMIT });
    const url = `http://127.0.0.1:${made.port}/score`;
    const answer = await fetch(url, {
      method: "POST",
      headers: json,
      body: JSON.stringify([picture("x".repeat(LIMIT))]),
    });
    expect(answer.status).toBe(413);
    expect((await fetch(url, { method: "POST", headers: json, body: JSON.stringify([picture()]) })).status).toBe(200);
  });
});

describe("keys", () => {
  it("are rotated and revoked without a restart", async () => {
    const made = await service();
    const ask = async (key: string) =>
      (await post(made, [picture()], { ...json, authorization: `Bearer ${key}` })).statusCode;
    const fresh = newKey();
    made.keys.replace({ ...made.keys.current, primary: recordOf(fresh), secondary: null });
    expect([await ask(KEYS.primary), await ask(KEYS.secondary), await ask(fresh)]).toEqual([401, 401, 200]);
  });

  it("have 256 random bits each, and only their hashes are kept", () => {
    const keys = Array.from({ length: 100 }, newKey);
    expect(new Set(keys).size).toBe(100);
    for (const key of keys) expect(Buffer.from(key.slice(3), "base64url")).toHaveLength(32);
    expect(JSON.stringify(recordOf(keys[0] ?? ""))).not.toContain((keys[0] ?? "").slice(3, 20));
  });

  it("are not asked for where the service has none", async () => {
    const answer = await post(await service({ keys: "none" }), [picture()], { "content-type": "application/json" });
    expect(answer.statusCode).toBe(200);
  });
});

describe("what a service tells of itself", () => {
  it("says how it is without a key, and metrics with one", async () => {
    const made = await service();
    await post(made, [picture()]);
    expect((await made.app.inject("/health")).json()).toMatchObject({
      status: "ok",
      queue: { waiting: 0, capacity: 64 },
    });
    expect((await made.app.inject("/metrics")).statusCode).toBe(401);
    const { body } = await made.app.inject({ url: "/metrics", headers: { authorization } });
    expect(body).toMatch(/vitrine_requests_total\{route="\/score",status="200",service="cups"\} 1/);
    expect(body).toMatch(/vitrine_pictures_total\{service="cups"\} 1/);
  });

  it("describes every route that it has", async () => {
    const made = await service();
    const { paths } = (await made.app.inject("/openapi.json")).json<{
      paths: Record<string, Record<string, object>>;
    }>();
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods)) {
        const answer = await made.app.inject({
          method: method.toUpperCase() as "GET",
          url: path,
          headers: { authorization },
        });
        expect([path, answer.statusCode]).not.toEqual([path, 404]);
      }
    }
    expect(Object.keys(paths)).toContain("/v2/models/cups/infer");
  });

  it("has a page to try it, which loads nothing from elsewhere", async () => {
    const answer = await (await service()).app.inject("/");
    expect(answer.headers["content-security-policy"]).toMatch(/default-src 'none'/);
    expect(answer.body).toMatch(/<input type="file"/);
    expect(answer.body).not.toMatch(/https?:\/\//);
  });

  it("lets no other page ask, unless its origin was named", async () => {
    const headers = { ...json, origin: "https://example.org" };
    const closed = await post(await service(), [picture()], headers);
    expect(closed.headers["access-control-allow-origin"]).toBeUndefined();
    const named = await post(await service({ cors: ["https://example.org"] }), [picture()], headers);
    expect(named.headers["access-control-allow-origin"]).toBe("https://example.org");
  });
});

describe("the Open Inference Protocol", () => {
  const body = {
    inputs: [{ name: "image", datatype: "BYTES", shape: [1], data: [Buffer.from("good").toString("base64")] }],
  };

  it("says who it is and whether it is ready", async () => {
    const { app } = await service();
    expect((await app.inject("/v2/health/live")).json()).toEqual({ live: true });
    expect((await app.inject("/v2/health/ready")).json()).toEqual({ ready: true });
    expect((await app.inject("/v2/models/cups/ready")).statusCode).toBe(200);
    const metadata = (await app.inject({ url: "/v2/models/cups", headers: { authorization } })).json<{
      versions: string[];
    }>();
    expect(metadata).toMatchObject({ name: "cups", versions: ["1"], inputs: [{ name: "image", datatype: "BYTES" }] });
  });

  it("infers, and refuses by its own form of errors", async () => {
    const { app } = await service();
    const url = "/v2/models/cups/versions/1/infer";
    const answer = await app.inject({ method: "POST", url, headers: json, payload: body });
    expect(answer.json()).toMatchObject({ model_name: "cups", outputs: [{ name: "probabilities", shape: [1, 3] }, { data: [1, 3, 2] }] }); // prettier-ignore
    const other = await app.inject({ method: "POST", url: "/v2/models/mugs/infer", headers: json, payload: body });
    expect([other.statusCode, typeof other.json<{ error: unknown }>().error]).toEqual([404, "string"]);
    const bad = await app.inject({ method: "POST", url, headers: json, payload: "{" });
    expect(bad.statusCode).toBe(400);
  });
});
