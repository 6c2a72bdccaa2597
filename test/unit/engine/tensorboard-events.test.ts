import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histogramOf } from "../../../src/kernel-lib/engine/histogram.js";
import { networkGraph } from "../../../src/kernel-lib/engine/network-graph.js";
import {
  graphEvent,
  histogramEvent,
  imageEvent,
  sessionEndEvent,
  sessionStartEvent,
  textEvent,
} from "../../../src/kernel-lib/engine/tensorboard-events.js";
import { frameRecord } from "../../../src/kernel-lib/engine/tensorboard-record.js";
import { EventWriter } from "../../../src/kernel-lib/engine/tensorboard-writer.js";
import { architecturePlan } from "../../../src/kernel-lib/models/base-models.js";

const folder = mkdtempSync(join(tmpdir(), "vitrine-events-"));
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = (name: string) => new URL(`../../fixtures/tensorboard/${name}`, import.meta.url);
const { oracle, png, numbers, parameters, histogram } = JSON.parse(readFileSync(fixture("events.json"), "utf8")) as {
  oracle: string;
  png: string;
  numbers: number[];
  parameters: Record<string, number | string | boolean>;
  histogram: { limits: number[]; counts: number[] };
};
const picture = { bytes: Buffer.from(png, "hex"), width: 5, height: 3 };

describe("pictures, histograms, texts and hyper-parameters match tensorboard 2.21.0 and torch 2.9.1", () => {
  it("byte for byte", () => {
    expect(oracle).toMatch(/^tensorboard 2\.21\.0, torch 2\.9\.1/);
    const weights = histogramOf([Float32Array.from(numbers)]);
    if (!weights) throw new Error("no numbers");
    const sorted = Object.fromEntries(Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)));
    const ours = [
      imageEvent("pictures", picture, { step: 2, wallTime: 1700000000.5 }),
      histogramEvent("weights", weights, { step: 7, wallTime: 1700000001.5 }),
      textEvent("config/text_summary", "**rate** 0.05, größer", { step: 0, wallTime: 1700000002.5 }),
      sessionStartEvent(sorted, "first", 1700000003.5),
      sessionEndEvent(true, 1700000004.5),
    ];
    expect(weights).toMatchObject(histogram);
    expect(Buffer.concat(ours.map(frameRecord)).equals(readFileSync(fixture("events.tfevents")))).toBe(true);
  });

  it("as tensorboard's own reader says, the graph of a network among them", () => {
    const writer = new EventWriter(folder);
    writer.image("pictures", picture, 2);
    writer.histogram("weights", numbers, 7);
    writer.histogram("nothing", [NaN, Infinity], 7);
    writer.text("config", "| option | value |", 0);
    writer.hyperParameters(parameters, "first");
    writer.sessionEnd(false);
    writer.add(graphEvent(networkGraph(architecturePlan("resnet18", 64)), 1));
    writer.close();
    const python = fileURLToPath(new URL("../../../.venv/bin/python", import.meta.url));
    const script = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
events = EventAccumulator(sys.argv[1]).Reload()
image = events.Images("pictures")[0]
weights = events.Histograms("weights")[0]
content = events.summary_metadata["_hparams_/session_start_info"].plugin_data.content
start = HParamsPluginData.FromString(content).session_start_info
end = HParamsPluginData.FromString(events.summary_metadata["_hparams_/session_end_info"].plugin_data.content)
graph = events.Graph()
names = {node.name for node in graph.node}
print(json.dumps({
    "image": [image.step, image.width, image.height, image.encoded_image_string.hex()],
    "histogram": [weights.step, weights.histogram_value.num, weights.histogram_value.min, weights.histogram_value.max, sum(weights.histogram_value.bucket)],
    "histograms": events.Tags()["histograms"],
    "text": events.Tensors("config")[0].tensor_proto.string_val[0].decode(),
    "plugin": events.summary_metadata["config"].plugin_data.plugin_name,
    "parameters": {key: getattr(value, value.WhichOneof("kind")) for key, value in start.hparams.items()},
    "group": start.group_name,
    "status": end.session_end_info.status,
    "nodes": len(graph.node),
    "dangling": [i for node in graph.node for i in node.input if i not in names],
}))
`;
    const text = execFileSync(python, ["-c", script, folder], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    expect(JSON.parse(text.trim().split("\n").at(-1) ?? "")).toEqual({
      image: [2, 5, 3, png],
      histogram: [7, numbers.length, -1.5, 4096, numbers.length],
      histograms: ["weights"],
      text: "| option | value |",
      plugin: "text",
      parameters,
      group: "first",
      status: 2,
      // 20 convolutions, the pool, 8 sums of blocks, the input, the mean.
      nodes: 31,
      dangling: [],
    });
  });
});

describe("histogramOf", () => {
  it("counts every finite number once, in the bucket that it lies in", () => {
    const value = fc.oneof(fc.float(), fc.float({ min: -2, max: 2 }), fc.constantFrom(0, -0, 1e-12, Infinity, NaN));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), (values) => {
        const found = histogramOf([Float32Array.from(values)]);
        const finite = values.map(Math.fround).filter(Number.isFinite);
        if (!found) {
          expect(finite).toEqual([]);
          return;
        }
        const { limits, counts, count, min, max } = found;
        expect([count, min, max]).toEqual([finite.length, Math.min(...finite), Math.max(...finite)]);
        expect(limits).toHaveLength(counts.length);
        const within = (from: number, to: number) => finite.filter((x) => x >= from && x < to).length;
        expect(counts).toEqual(limits.map((limit, i) => within(limits[i - 1] ?? -Infinity, limit)));
      }),
    );
  });
});
