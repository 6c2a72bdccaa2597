/** What a service answers over HTTP: to pictures, to those who ask what it is, and by the Open Inference Protocol. */

import { describe, expect, it } from "vitest";

import { newKey, recordOf } from "../../../src/kernel-lib/serving/keys/service-keys.js";
import { authorization, json, listening, picture, post, service } from "./open-service.js";
import { KEYS } from "./stand-in-service.js";

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

  it("tells a browser, which asks so without a key, whether a page may ask", async () => {
    const { app } = await service({ cors: ["https://example.org"] });
    const preflight = (origin: string) =>
      app.inject({
        method: "OPTIONS",
        url: "/score",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,content-type",
        },
      });
    const named = await preflight("https://example.org");
    expect([named.statusCode, named.headers["access-control-allow-origin"]]).toEqual([204, "https://example.org"]);
    expect(named.headers["access-control-allow-headers"]).toMatch(/authorization/);
    const other = await preflight("https://example.com");
    expect(other.headers["access-control-allow-origin"]).not.toBe("https://example.com");
  });

  it("lets a page of a named origin read why it was refused", async () => {
    const made = await service({ cors: ["https://example.org"] });
    const refused = await post(made, [picture()], {
      "content-type": "application/json",
      origin: "https://example.org",
    });
    expect([refused.statusCode, refused.headers["access-control-allow-origin"]]).toEqual([401, "https://example.org"]);
    expect(refused.headers["access-control-expose-headers"]).toMatch(/retry-after/);
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
    expect(answer.json()).toMatchObject({
      model_name: "cups",
      outputs: [{ name: "probabilities", shape: [1, 3] }, { data: [1, 3, 2] }],
    });
    const other = await app.inject({ method: "POST", url: "/v2/models/mugs/infer", headers: json, payload: body });
    expect([other.statusCode, typeof other.json<{ error: unknown }>().error]).toEqual([404, "string"]);
    const bad = await app.inject({ method: "POST", url, headers: json, payload: "{" });
    expect(bad.statusCode).toBe(400);
  });
});
