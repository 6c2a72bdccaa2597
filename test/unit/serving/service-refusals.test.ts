/** What a service refuses over HTTP, and how; each over a real socket or fastify's own injection. */
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { recordOf } from "../../../src/kernel-lib/serving/keys/service-keys.js";
import { authorization, json, listening, picture, post, service } from "./open-service.js";
import { KEYS } from "./stand-in-service.js";

interface Refusal {
  error: { code: string; message: string; index?: number; request_id: string };
}

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
    // One in a hundred seconds.
    const made = await service({ rateLimit: 0.01 });
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
    socket.setTimeout(60_000, () => reject(new Error(`nothing more after ${JSON.stringify(text)}`)));
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
    const parts = Array.from({ length: 40 }, () =>
      Buffer.concat([Buffer.from("4e20\r\n"), Buffer.alloc(20_000, 65), Buffer.from("\r\n")]),
    );
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

describe("what never becomes a request of its own", () => {
  const head = (line: string) => `${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`;

  it.each([
    ["headers without end", `${head("GET /health")}x: ${"a".repeat(20_000)}\r\n\r\n`, 431, /16 KiB of headers/],
    ["no HTTP", "hello\r\n\r\n", 400, /HTTP 1\.1/],
    ["an address that is none", `${head("GET /v2/models/%zz")}\r\n`, 400, /no valid URL/],
    ["a name without end", `${head(`GET /v2/models/${"a".repeat(300)}/ready`)}\r\n`, 404, /nothing here/],
  ])("is refused in the form of all refusals: %s", async (_what, text, status, message) => {
    const { port } = await listening();
    const answer = await new Promise<string>((resolve, reject) => {
      let all = "";
      const socket = connect(port, "127.0.0.1").on("error", reject);
      socket.on("data", (data) => (all += data.toString())).on("close", () => resolve(all));
      socket.write(text);
    });
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const { error } = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"))) as { error: string | { message: string } };
    expect(typeof error === "string" ? error : error.message).toMatch(message);
  });

  it.each([
    ["no boundary", "multipart/form-data", "x", 400, /Boundary not found/],
    [
      "no end",
      "multipart/form-data; boundary=b",
      '--b\r\nContent-Disposition: form-data; name="p"; filename="a"\r\n\r\nabc',
      400,
      /Unexpected end of/,
    ],
    [
      "a name that objects have",
      "multipart/form-data; boundary=b",
      '--b\r\nContent-Disposition: form-data; name="constructor"\r\n\r\nabc\r\n--b--\r\n',
      400,
      /whose name is not taken/,
    ],
    [
      "too many fields",
      "multipart/form-data; boundary=b",
      `${'--b\r\nContent-Disposition: form-data; name="top_k"\r\n\r\n1\r\n'.repeat(20)}--b--\r\n`,
      413,
      /more fields/,
    ],
  ])("refuses a form with %s, and logs no failure of its own", async (_what, type, body, status, message) => {
    const made = await service();
    const answer = await post(made, body, { authorization, "content-type": type });
    expect([answer.statusCode, answer.json<Refusal>().error.message]).toEqual([
      status,
      expect.stringMatching(message) as string,
    ]);
    expect(made.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it("says which encoding of a body it does not take", async () => {
    const answer = await post(await service(), gzipSync(JSON.stringify([picture()])), {
      ...json,
      "content-encoding": "gzip",
    });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      415,
      { error: { code: "UnsupportedEncoding", message: "Expected a body without Content-Encoding but received gzip" } },
    ]);
  });
});
