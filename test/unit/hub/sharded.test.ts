import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadWeights } from "../../../src/kernel-lib/hub/load-weights.js";
import { readWeights } from "../../../src/kernel-lib/hub/read-weights.js";
import { writeSafetensors } from "../../../src/kernel-lib/hub/safetensors-writer.js";
import type { Tensor } from "../../../src/kernel-lib/hub/tensor.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { sendFile, serve } from "./file-server.js";

const tensor = (...values: number[]): Tensor => ({
  dtype: "F32",
  shape: [values.length],
  data: new Float32Array(values),
});
const SHARDS = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] as const;
const MAP = { a: SHARDS[0], b: SHARDS[1], c: SHARDS[0] };
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-shards-"));
  await writeSafetensors(
    join(folder, SHARDS[0]),
    new Map([
      ["a", tensor(1)],
      ["c", tensor(3, 4)],
      ["stray", tensor(9)],
    ]),
  );
  await writeSafetensors(join(folder, SHARDS[1]), new Map([["b", tensor(2)]]));
});

afterAll(() => rmSync(folder, { recursive: true }));

function index(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return path;
}

const numbers = (tensors: ReadonlyMap<string, { data: Iterable<number | bigint> }>) =>
  Object.fromEntries([...tensors].map(([name, { data }]) => [name, [...data].map(Number)]));

describe("weights in shards", () => {
  const expected = { a: [1], b: [2], c: [3, 4] };

  it("are read as one, by the index, and what it doesn't name is left out", async () => {
    const path = index("model.safetensors.index.json", { metadata: {}, weight_map: MAP });
    expect(numbers(await readWeights(path))).toEqual(expected);
    // Who names the one file that there would be gets the shards.
    expect(numbers((await loadWeights(join(folder, "model.safetensors"))).tensors)).toEqual(expected);
  });

  it("are fetched beside the index, once", async () => {
    index("model.safetensors.index.json", { weight_map: MAP });
    const server = await serve((request, response) => {
      const name = request.url?.split("/").at(-1) ?? "";
      if (name === "model.safetensors") response.writeHead(404).end();
      else sendFile(request, response, readFileSync(join(folder, name)));
    });
    process.env["VITRINE_HUB"] = server.url;
    try {
      const load = () => loadWeights("hf:owner/large", { cacheDir: join(folder, "cache"), retryDelay: 1 });
      expect(numbers((await load()).tensors)).toEqual(expected);
      expect(server.requests).toHaveLength(4);
      const { source, tensors } = await load();
      expect(numbers(tensors)).toEqual(expected);
      expect(source).toBe(`${server.url}/owner/large/resolve/main/model.safetensors.index.json`);
      expect(server.requests).toHaveLength(4);
    } finally {
      delete process.env["VITRINE_HUB"];
      await server.close();
    }
  });

  it.each([
    ["a name in another folder", { weight_map: { a: "../secret.safetensors" } }, "a safetensors file beside it"],
    ["an absolute name", { weight_map: { a: "/secret.safetensors" } }, "a safetensors file beside it"],
    ["a pickle", { weight_map: { a: "model.bin" } }, "a safetensors file beside it"],
    ["no map", { metadata: {} }, "JSON with a weight_map"],
    ["no JSON", '{"weight_map": ', "JSON with a weight_map"],
    ["a tensor that its shard lacks", { weight_map: { a: SHARDS[1] } }, "a tensor, as the index says,"],
  ])("refuse an index with %s", async (_, content, message) => {
    const error: unknown = await readWeights(index("wrong.index.json", content)).catch((reason: unknown) => reason);
    expect(isVitrineError(error, "InvalidFile") && error.message).toContain(message);
  });

  it("say which shard is missing", async () => {
    const path = index("missing.index.json", { weight_map: { a: "model-00009-of-00009.safetensors" } });
    const error: unknown = await readWeights(path).catch((reason: unknown) => reason);
    expect(isVitrineError(error, "MissingFile") && error.details.path).toContain("model-00009");
  });
});
