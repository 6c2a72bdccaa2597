import { afterEach, beforeEach, expect, it } from "vitest";

import { installKernelPort, JUPYTER_DISPLAY } from "../../../src/kernel-lib/comm/port.js";
import { plotAccuracies, plotConfusionMatrix, plotRocCurve } from "../../../src/kernel-lib/ui/evaluation-plots.js";
import { Figure, type FigureEvent } from "../../../src/kernel-lib/ui/figure.js";
import { figureRow } from "../../../src/kernel-lib/ui/figure-row.js";
import { sampleEvaluation } from "../../browser/evaluations.js";
import { RecordingKernel } from "../comm/recording-kernel.js";

let kernel: RecordingKernel;

beforeEach(() => {
  kernel = new RecordingKernel();
});

afterEach(() => installKernelPort(undefined));

it("sends typed arrays as bytes with plotly's name of their type", async () => {
  const figure = new Figure({ data: [{ x: Float32Array.of(1, 2), y: [3, 4] }] });
  await figure[JUPYTER_DISPLAY]();
  const [opened] = kernel.opened;
  expect(opened?.data).toMatchObject({
    state: { panels: [{ spec: { data: [{ x: { dtype: "f4" }, y: [3, 4] }] }, height: 360 }], listens: [] },
    buffer_paths: [["panels", 0, "spec", "data", 0, "x", "bdata"]],
  });
  expect(opened?.buffers[0]).toEqual(new Uint8Array(Float32Array.of(1, 2).buffer));
});

it("tells the listeners of an event, each of them though one throws, and the kernel of the error", async () => {
  const figure = new Figure({ data: [{ y: [1, 2] }] });
  const heard: FigureEvent[] = [];
  figure.on("click", () => {
    throw new Error("from a listener");
  });
  figure.on("click", (event) => void heard.push(event));
  await figure[JUPYTER_DISPLAY]();
  const click = { type: "click", panel: 0, points: [{ trace: 0, index: 1, x: 1, y: 2 }] };
  await expect(kernel.receive(figure.id, { method: "custom", content: click })).rejects.toThrow("from a listener");
  expect(heard).toEqual([{ type: "click", points: click.points }]);
  await kernel.receive(figure.id, { method: "custom", content: { ...click, type: "hover" } });
  expect(heard).toHaveLength(1);
});

it("asks the browser only for events that somebody listens to", async () => {
  const figure = new Figure({ data: [] });
  await figure[JUPYTER_DISPLAY]();
  const stop = figure.on("hover", () => undefined);
  stop();
  const listens = kernel.sent.map(({ data }) => (data["state"] as { listens: string[] }).listens);
  expect(listens).toEqual([["hover"], []]);
});

it("follows update in a row too, and a row hears each figure's own events", async () => {
  const [left, right] = [new Figure({ data: [{ y: [1] }] }), new Figure({ data: [{ y: [2] }] })];
  const row = figureRow(left, right);
  const heard: string[] = [];
  left.on("click", () => void heard.push("left"));
  right.on("click", () => void heard.push("right"));
  await row[JUPYTER_DISPLAY]();
  await kernel.receive(row.id, { method: "custom", content: { type: "click", panel: 1, points: [] } });
  expect(heard).toEqual(["right"]);
  right.update({ data: [{ y: [5] }] });
  const state = kernel.sent.at(-1)?.data["state"] as { panels: { spec: { data: { y: number[] }[] } }[] };
  expect(state.panels[1]?.spec.data[0]?.y).toEqual([5]);
  row.close();
  const sent = kernel.sent.length;
  right.update({ data: [] });
  expect(kernel.sent).toHaveLength(sent);
});

it("refuses what is no figure by name", () => {
  expect(() => new Figure({ data: "no" } as never)).toThrow(
    'Expected a list of plotly traces for data but received "no"',
  );
  expect(() => new Figure({ data: [] }, { height: 2 })).toThrow("Expected an integer between 80 and 4000 for height");
  expect(() => new Figure({ data: [] }).on("press" as never, () => undefined)).toThrow("for event but received");
});

it("leaves a picture with a description, safe from what labels are called", async () => {
  const figure = new Figure({
    data: [{ name: '"><img onerror=x>', y: [1] }],
    layout: { title: { text: "A <b>title</b>" } },
  });
  const bundle = await figure[JUPYTER_DISPLAY]();
  const html = String(bundle["text/html"]);
  expect(html).toMatch(
    /^<img alt="A &lt;b&gt;title&lt;\/b&gt;\. &quot;&gt;&lt;img onerror=x&gt;\." src="data:image\/svg\+xml;base64,[\w+/=]+" style="[^"]*">$/,
  );
  expect(Buffer.from(String(bundle["image/png"]), "base64").subarray(1, 4).toString()).toBe("PNG");
});

it("plots an evaluation's own numbers", () => {
  const evaluation = sampleEvaluation();
  const roc = plotRocCurve(evaluation).panel.spec.data;
  expect(roc.map(({ name }) => name)).toEqual([
    ...evaluation.labels.map((label) => `${label} (AUC ${evaluation.auc(label).toFixed(3)})`),
    "guessing",
  ]);
  expect(roc[0]?.x).toEqual(evaluation.rocCurve("bowl").fpr);
  const [matrix] = plotConfusionMatrix(evaluation).panel.spec.data;
  expect(matrix?.["text"]).toEqual(evaluation.confusionMatrix().map((row) => row.map(String)));
});

it("plots accuracies in percent, and one curve where nothing was evaluated", () => {
  const both = plotAccuracies({
    trainEvalAccs: [
      [0.5, 1],
      [0.25, 0.75],
      [1, 2],
    ],
  }).panel.spec.data;
  expect(both.map(({ name, y }) => [name, y])).toEqual([
    ["training", [50, 100]],
    ["evaluation", [25, 75]],
  ]);
  expect(plotAccuracies({ trainEvalAccs: [[0.5, 1], [], [1, 2]] }).panel.spec.data).toHaveLength(1);
});
