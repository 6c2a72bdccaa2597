/** The client, against a server that answers as it is told. */
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { scorePictures } from "../../../src/kernel-lib/serving/client/scoring-client.js";
import { Snippets } from "../../../src/kernel-lib/serving/client/snippets.js";

const picture = join(import.meta.dirname, "../../../sample_data/tableware/bowl/bowl-01.jpg");

interface Asked {
  authorization: string | undefined;
  items: { image_in_base64: string; parameters: object }[];
}

let server: Server;
let url: string;
let asked: Asked[];
let statuses: number[];
beforeEach(async () => {
  asked = [];
  statuses = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const items = JSON.parse(Buffer.concat(chunks).toString()) as Asked["items"];
      asked.push({ authorization: request.headers.authorization, items });
      const status = statuses.shift() ?? 200;
      const error = { error: { code: "X", message: "not so", index: 1 } };
      response.writeHead(status).end(JSON.stringify(status === 200 ? items.map((_, i) => `[${i}]`) : error));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/score`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe("scorePictures", () => {
  it("sends the documents' JSON with the key, and long lists in parts, in their order", async () => {
    const parameters = { ADD_SOFTMAX: true };
    const results = await scorePictures(
      { url, key: "k" },
      Array.from({ length: 40 }, () => picture),
      { parameters },
    );
    expect(results).toHaveLength(40);
    expect(results.slice(15, 18)).toEqual(["[15]", "[0]", "[1]"]);
    expect(asked.map(({ items }) => items.length).sort()).toEqual([16, 16, 8]);
    expect(asked[0]).toMatchObject({ authorization: "Bearer k" });
    expect(asked[0]?.items[0]).toMatchObject({
      parameters,
      image_in_base64: expect.stringMatching(/^\/9j\//) as string,
    });
  });

  it("sends large pictures in more requests, and halves what the service will not take at once, in their order", async () => {
    const small = await readFile(picture);
    // A picture's end is where its bytes say so; what comes behind is a weight.
    const heavy = Buffer.concat([small, Buffer.alloc(3 * 2 ** 20)]);
    const results = await scorePictures({ url, key: undefined }, [heavy, heavy, small, heavy, heavy]);
    expect(asked.map(({ items }) => items.length)).toEqual([3, 2]);
    expect(results).toEqual(["[0]", "[1]", "[2]", "[0]", "[1]"]);
    asked = [];
    statuses = [413, 200, 413];
    const again = await scorePictures({ url, key: undefined }, [small, small, small, small]);
    expect(asked.map(({ items }) => items.length)).toEqual([4, 2, 2, 1, 1]);
    expect(again).toEqual(["[0]", "[1]", "[0]", "[0]"]);
  });

  it("says that it was stopped where it waits to ask again", async () => {
    statuses = Array.from({ length: 9 }, () => 503);
    const controller = new AbortController();
    const asking = scorePictures({ url, key: undefined }, [picture], { signal: controller.signal });
    const stopped = expect(asking).rejects.toMatchObject({ code: "Stopped" });
    await expect.poll(() => asked.length).toBeGreaterThanOrEqual(1);
    setTimeout(() => controller.abort(), 20);
    await stopped;
  });

  it("takes a key as a file has it, with its line's end, and names what can be no key without showing it", async () => {
    await scorePictures({ url, key: "vk-1\n" }, [picture]);
    expect(asked[0]?.authorization).toBe("Bearer vk-1");
    const asking = scorePictures({ url, key: "vk-ü" }, [picture]);
    await expect(asking).rejects.toMatchObject({
      code: "InvalidOption",
      message: expect.not.stringMatching(/vk-/) as string,
    });
    for (const address of ["127.0.0.1:8080/score", "localhost:8080/score", "/score"]) {
      await expect(scorePictures({ url: address, key: undefined }, [picture])).rejects.toMatchObject({
        details: { option: "url" },
      });
    }
  });

  it("stretches pictures before it sends them, where asked", async () => {
    await scorePictures({ url, key: undefined }, [picture], { imageResizeDims: [10, 20] });
    const bytes = Buffer.from(asked[0]?.items[0]?.image_in_base64 ?? "", "base64");
    // PNG: width and height after the first chunk's head.
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([20, 10]);
    expect(asked[0]?.authorization).toBeUndefined();
  });

  it("tries again after 503", async () => {
    statuses = [503, 503];
    await expect(scorePictures({ url, key: undefined }, [picture])).resolves.toEqual(["[0]"]);
    expect(asked).toHaveLength(3);
  });

  it.each([400, 401, 413, 429, 500, 502, 504])("does not after %i, and says what the service said", async (status) => {
    statuses = [status];
    const asking = scorePictures({ url, key: undefined }, [picture]);
    await expect(asking).rejects.toMatchObject({
      code: "ScoringFailed",
      details: { status, reason: "not so", index: 1 },
    });
    expect(asked).toHaveLength(1);
  });

  it("says that nobody is there", async () => {
    const nobody = "http://127.0.0.1:9/score";
    const asking = scorePictures({ url: nobody, key: undefined }, [picture]);
    await expect(asking).rejects.toMatchObject({
      code: "ScoringFailed",
      details: { status: 0, reason: "ECONNREFUSED" },
    });
  });

  it("sends nothing of what is no picture", async () => {
    const endpoint = { url, key: undefined };
    await expect(scorePictures(endpoint, [Buffer.from("text")])).rejects.toMatchObject({ code: "InvalidImage" });
    await expect(scorePictures(endpoint, ["/nowhere.jpg"])).rejects.toMatchObject({ code: "MissingFile" });
    await expect(scorePictures(endpoint, [`${url}/a.jpg`])).rejects.toMatchObject({ code: "AddressRefused" });
    await expect(scorePictures(endpoint, ["file:///etc/passwd"])).rejects.toMatchObject({ code: "AddressRefused" });
    expect(asked).toHaveLength(0);
  });
});

describe("Snippets", () => {
  it("are for the service's own address, with a key only where one is needed", () => {
    const [open, closed] = [new Snippets("http://h/score", false), new Snippets("http://h/score", true)];
    for (const text of [open.curl, open.python, open.typescript]) expect(text).not.toMatch(/KEY|uthorization/);
    for (const text of [closed.curl, closed.python, closed.typescript]) {
      expect(text).toMatch(/http:\/\/h\/score/);
      expect(text).toMatch(/Bearer/);
    }
  });
});
