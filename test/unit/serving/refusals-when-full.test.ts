/** What a service does with requests that come while it has too much to do, over real sockets. */
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

import { afterEach, describe, expect, it, vi } from "vitest";

import { authorization, json, listening, picture, post } from "./open-service.js";

interface Refusal {
  error: { code: string; message: string; request_id: string };
}

/** A service whose queue is full until `release`, which resolves when everything that waited has its answer. */
async function fullService(settings: Parameters<typeof listening>[0] = {}) {
  const made = await listening({ queueSize: 2, ...settings }, () => undefined);
  const waiting = Promise.all(Array.from({ length: 6 }, () => post(made, [picture()])));
  while (!made.service.dispatcher.full) await wait(5);
  const release = async () => {
    const finish = () => made.replica.jobs.slice().forEach((job) => made.replica.finish(job));
    const timer = setInterval(finish, 5);
    const answers = await waiting;
    clearInterval(timer);
    return answers.map(({ statusCode }) => statusCode);
  };
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${made.port}${path}`, { method: "POST", headers: json, body: "[]", ...init });
  return { ...made, ask, release };
}

describe("a service that has too much to do", () => {
  afterEach(() => void vi.useRealTimers());

  it("turns away before a body is read, leaves the connection open, counts every one, and logs them together", async () => {
    const made = await fullService();
    // The second for which refusals are gathered ends with the service, however long they take.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
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
    expect(await made.release()).toEqual(Array.from({ length: 6 }, () => 200));
    await made.app.close();
    const lines = made.log.filter((line) => line.includes('"status":503'));
    expect(lines.map((line) => (JSON.parse(line) as { requests: number }).requests)).toEqual([3]);
  });

  it("answers each protocol in its form, with the request's id", async () => {
    const made = await fullService();
    const headers = { ...json, "x-request-id": "mine-1" };
    const plain = await made.ask("/score?top_k=1", { headers });
    expect([plain.status, plain.headers.get("x-request-id")]).toEqual([503, "mine-1"]);
    const { code, message, request_id } = ((await plain.json()) as Refusal).error;
    expect([code, request_id]).toEqual(["Overloaded", "mine-1"]);
    expect(message).toBe(
      `The service has as much to do as it can take; try again in ${plain.headers.get("retry-after")} s`,
    );
    for (const path of ["/v2/models/cups/infer", "/v2/models/cups/versions/1/infer"]) {
      const answer = await made.ask(path);
      expect([answer.status, await answer.json()]).toEqual([503, { error: message }]);
    }
    await made.release();
  });

  it("lets through what brings no work", async () => {
    const made = await fullService();
    expect((await fetch(`http://127.0.0.1:${made.port}/health`)).status).toBe(200);
    const metadata = await fetch(`http://127.0.0.1:${made.port}/v2/models/cups`, { headers: { authorization } });
    expect(metadata.status).toBe(200);
    await made.release();
  });

  it.each([
    ["401 to a wrong key", "/score", { headers: { ...json, authorization: "Bearer vk-wrong" } }, 401],
    ["404 to a path that is not there", "/scores", {}, 404],
    ["413 to a body that is too large", "/score", { body: "x".repeat(2000) }, 413],
  ])("leaves %s to the routes", async (_what, path, init, status) => {
    const made = await fullService({ bodyLimit: 1024 });
    expect((await made.ask(path, init)).status).toBe(status);
    await made.release();
  });

  it("tells pages of allowed origins, and no others", async () => {
    const made = await fullService({ cors: ["https://example.org"] });
    const shared = async (origin: string) =>
      (await made.ask("/score", { headers: { ...json, origin } })).headers.get("access-control-allow-origin");
    expect([await shared("https://example.org"), await shared("https://example.com")]).toEqual([
      "https://example.org",
      null,
    ]);
    await made.release();
  });

  it("counts bodies on their way as pictures that wait", async () => {
    const made = await listening({ queueSize: 2 });
    const head = `POST /score HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[`;
    const slow = Array.from({ length: 5 }, () => connect(made.port, "127.0.0.1").on("error", () => undefined));
    for (const socket of slow) socket.write(head);
    const ask = () =>
      fetch(`http://127.0.0.1:${made.port}/score`, {
        method: "POST",
        headers: json,
        body: JSON.stringify([picture()]),
      });
    let status = 200;
    while (status === 200) ({ status } = await ask());
    expect(status).toBe(503);
    for (const socket of slow) socket.destroy();
    while (status === 503) ({ status } = await ask());
    expect(status).toBe(200);
  });
});
