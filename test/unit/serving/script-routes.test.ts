/** What a service with an entry script answers over HTTP: the script's replica is a stand-in. */
import { afterEach, describe, expect, it } from "vitest";

import type { ScriptInput } from "../../../src/kernel-lib/serving/models/served-model.js";
import type { ScriptFault } from "../../../src/kernel-lib/serving/replica/messages.js";
import type { Outcome } from "../../../src/kernel-lib/serving/supervisor/job.js";
import { KEYS, standInService, type StandInService } from "./stand-in-service.js";

const TIMES = { decode: 0, wait: 0, model: 1, batch: 1 };
const script = { initTimeout: 1000, runTimeout: 1000, memory: 128 };
const answered = (json: string): Outcome => ({
  ok: true,
  scores: { kind: "script", json },
  times: TIMES,
  version: 3,
  labels: [],
});
const failed = (fault: ScriptFault): Outcome => ({ ok: false, fault: "script", ...fault });

let open: StandInService[] = [];
afterEach(async () => {
  await Promise.all(open.map(({ app }) => app.close()));
  open = [];
});

async function service(answer: (input: ScriptInput) => Outcome): Promise<StandInService> {
  const made = await standInService({ script, bodyLimit: 2048 }, ({ item }) => {
    if ("picture" in item) throw new Error("a script gets no pictures");
    return answer(item);
  });
  open.push(made);
  return made;
}

const post = ({ app }: StandInService, payload: string | Buffer, headers: Record<string, string> = {}) =>
  app.inject({
    method: "POST",
    url: "/score",
    headers: { authorization: `Bearer ${KEYS.primary}`, ...headers },
    payload,
  });

interface Refusal {
  error: { code: string; message: string; index?: number; request_id: string };
}

describe("POST /score of an entry script", () => {
  it("hands the body over as it came, with its type and the request's id, and answers what came back", async () => {
    const seen: ScriptInput[] = [];
    const made = await service((input) => {
      seen.push(input);
      return answered('{"digits":[7]}');
    });
    for (const type of ["application/json", "text/csv", "image/png", "application/x-of-mine"]) {
      const answer = await post(made, Buffer.from("[1,"), { "content-type": type, "x-request-id": "mine" });
      expect([answer.statusCode, answer.body]).toEqual([200, '{"digits":[7]}']);
      expect(answer.headers).toMatchObject({
        "content-type": "application/json; charset=utf-8",
        "x-model-version": "3",
      });
    }
    expect(seen.map(({ contentType }) => contentType)).toEqual([
      "application/json",
      "text/csv",
      "image/png",
      "application/x-of-mine",
    ]);
    expect(seen.every(({ body, requestId }) => Buffer.from(body).toString() === "[1," && requestId === "mine")).toBe(
      true,
    );
    expect((await post(made, "")).statusCode).toBe(200);
  });

  it("asks for a key, and takes no more than its limit", async () => {
    const made = await service(() => answered("1"));
    expect((await post(made, "1", { authorization: "Bearer wrong" })).statusCode).toBe(401);
    expect((await post(made, "x".repeat(3000))).statusCode).toBe(413);
  });

  it.each([
    [{ status: 422, code: "InvalidRequest", reason: "n is missing" }, "n is missing"],
    [
      { status: 504, code: "ScriptTimeout", reason: "run() of a.ts did not end within 1 s" },
      "run() of a.ts did not end within 1 s",
    ],
    [{ status: 500, code: "ScriptFailed", reason: "threw at a.ts:5:9", publicReason: "it failed" }, "it failed"],
  ])("answers %j to who asks, with the request's id; who owns it sees why", async (fault, message) => {
    const made = await service(() => failed(fault));
    const answer = await post(made, "1");
    expect(answer.statusCode).toBe(fault.status);
    const { error } = answer.json<Refusal>();
    expect(error).toEqual({ code: fault.code, message, request_id: answer.headers["x-request-id"] });
    const own = await post(made, "1", { authorization: `Bearer ${made.keys.ownerToken}` });
    expect(own.json<Refusal>().error.message).toBe(fault.reason);
    const lines = made.log
      .join("")
      .split("\n")
      .filter((line) => line.includes(error.request_id));
    expect(lines.length).toBeGreaterThan(0);
    if (fault.status >= 500) expect(lines.join("")).toContain(fault.reason);
  });

  it("does not infer tensors, and says so; its descriptions and its page are a script's", async () => {
    const made = await service(() => answered("1"));
    const infer = await made.app.inject({
      method: "POST",
      url: "/v2/models/cups/infer",
      headers: { authorization: `Bearer ${KEYS.primary}` },
      payload: Buffer.from("{}"),
    });
    expect([infer.statusCode, infer.json<{ error: string }>().error]).toEqual([
      400,
      "An entry script answers POST /score alone",
    ]);
    const api = (await made.app.inject("/openapi.json")).json<{
      paths: Record<string, { post: { summary: string } }>;
    }>();
    expect(api.paths["/score"]?.post.summary).toMatch(/run\(\)/);
    const page = await made.app.inject("/");
    expect(page.body).toMatch(/<textarea/);
    expect(page.headers["content-security-policy"]).toMatch(/script-src 'sha256-/);
  });
});
