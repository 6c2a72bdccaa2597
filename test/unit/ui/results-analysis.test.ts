import { afterEach, describe, expect, it } from "vitest";

import { installKernelPort } from "../../../src/kernel-lib/comm/port.js";
import { findLabelErrors } from "../../../src/kernel-lib/metrics/label-errors.js";
import { EVERY_RESULT, type ResultsState } from "../../../src/kernel-lib/protocol/index.js";
import { ResultsUI, type ResultsViewOptions } from "../../../src/kernel-lib/ui/results-ui.js";
import { withMemoryKernel } from "./memory-kernel.js";
import { pictureDataset } from "./picture-folder.js";

const THINGS = {
  bowl: ["b0.png", "b1.png", "b2.png", "b3.png"],
  cup: ["c0.png", "c1.png", "c2.png", "c3.png"],
};
const PICTURES = Object.values(THINGS).flat();

/** b3 is taken for a cup with confidence, c0 for a bowl by a hair. */
const BOWL = [0.95, 0.9, 0.85, 0.05, 0.51, 0.3, 0.2, 0.1];
const SCORES = { rows: 8, columns: 2, data: Float32Array.from(BOWL.flatMap((p) => [p, 1 - p])) };

afterEach(() => installKernelPort(undefined));

async function shown(options: ResultsViewOptions = {}, scores = SCORES) {
  const dataset = await pictureDataset(THINGS);
  const kernel = withMemoryKernel();
  const widget = new ResultsUI(dataset, { scores }, { gridSize: [4, 4], ...options });
  await widget.show();
  const state = () => kernel.state<ResultsState>();
  const names = () => state().page.map(({ name }) => name.replace(".png", ""));
  return { dataset, kernel, widget, state, names };
}

describe("the results as a whole", () => {
  it("have an accuracy with its interval, which follows a corrected label", async () => {
    const { kernel, state } = await shown();
    expect(state().figures.map(({ name, value }) => [name, value])).toEqual([
      ["Accuracy", 0.75],
      ["Accuracy by class", 0.75],
    ]);
    const [before] = state().figures;
    expect(before?.low).toBeGreaterThan(0.3);
    expect(before?.high).toBeLessThan(1);
    await kernel.command({ type: "label", id: 3, label: "cup" });
    expect(state().figures[0]?.value).toBe(0.875);
    await kernel.command({ type: "undo" });
    expect(state().figures[0]).toEqual(before);
  });

  it("list the pictures of a matrix cell that is clicked, and the matrix follows a corrected label", async () => {
    const { kernel, state, names } = await shown();
    await kernel.command({ type: "plot", kind: "matrix" });
    const cells = () => (state().plot?.spec.data[0] as { text: string[][] }).text;
    expect(cells()).toEqual([
      ["3", "1"],
      ["1", "3"],
    ]);
    await kernel.command({ type: "pick", trace: 0, index: [0, 1] });
    expect(names()).toEqual(["b3"]);
    expect(state().filter).toMatchObject({ truth: "bowl", prediction: "cup" });
    await kernel.command({ type: "label", id: 3, label: "cup" });
    expect(cells()).toEqual([
      ["3", "0"],
      ["1", "4"],
    ]);
  });

  it("list the pictures of a bar of the histogram, right or wrong ones", async () => {
    const { kernel, names, state } = await shown();
    await kernel.command({ type: "plot", kind: "scores" });
    // Twenty bars from 0 to 1: the twentieth holds 0.95 and more.
    await kernel.command({ type: "pick", trace: 0, index: 19 });
    expect(names()).toEqual(["b0"]);
    await kernel.command({ type: "pick", trace: 1, index: 19 });
    expect(names()).toEqual(["b3"]);
    await kernel.command({ type: "pick", trace: 1, index: 10 });
    expect(names()).toEqual(["c0"]);
    expect(state().filter).toMatchObject({ correct: false, range: { label: null } });
    expect(state().filter.range?.low).toBeCloseTo(0.5, 12);
    expect(state().filter.range?.high).toBeCloseTo(0.55, 12);
  });

  it("list what counts as found at a point of a curve", async () => {
    const { kernel, names, state } = await shown();
    await kernel.command({ type: "plot", kind: "curve" });
    const cups = state().plot?.spec.data[1] as { name: string; customdata: string[] };
    expect(cups.name).toMatch(/^cup/);
    const index = cups.customdata.indexOf("0.8");
    await kernel.command({ type: "pick", trace: 1, index });
    expect(names()).toEqual(["b3", "c2", "c3"]);
    // A line of equal F1 is no curve of a class.
    await kernel.command({ type: "pick", trace: 3, index: 3 });
    expect(names()).toEqual(["b3", "c2", "c3"]);
  });

  it("list the pictures of a class whose bar is clicked", async () => {
    const { kernel, names } = await shown();
    await kernel.command({ type: "plot", kind: "classes" });
    await kernel.command({ type: "pick", trace: 0, index: 0 });
    expect(names(), "taken for a bowl").toEqual(["b0", "b1", "b2", "c0"]);
    await kernel.command({ type: "pick", trace: 1, index: 0 });
    expect(names(), "are bowls").toEqual(["b0", "b1", "b2", "b3"]);
  });

  it("stay without plots where no picture has a label that the model knows", async () => {
    const dataset = await pictureDataset(THINGS);
    const kernel = withMemoryKernel();
    const widget = new ResultsUI(dataset, { scores: SCORES, labels: ["fork", "spoon"] });
    await widget.show();
    await kernel.command({ type: "plot", kind: "matrix" });
    expect(kernel.state<ResultsState>()).toMatchObject({
      figures: [],
      plot: null,
      correct: 0,
      incorrect: 8,
      doubtful: 0,
    });
  });
});

describe("filters and orders", () => {
  it("narrow to a range of scores, to a flag, and take odd filters for none", async () => {
    const { kernel, names, state } = await shown();
    const filter = (change: object) => kernel.command({ type: "filter", filter: { ...EVERY_RESULT, ...change } });
    await filter({ range: { label: null, low: 0.9, high: null } });
    expect(names()).toEqual(["b0", "b1", "b3", "c3"]);
    await filter({ range: { label: "bowl", low: null, high: 0.2 } });
    expect(names()).toEqual(["b3", "c3"]);
    await kernel.command({ type: "flag", flag: "unsure" });
    expect(state().flags).toEqual({ unsure: 1, skip: 0 });
    await filter({ mark: "unsure" });
    expect(names()).toEqual(["b3"]);
    await filter({ mark: "by mood", range: { low: "x" }, truth: 7 });
    expect(names()).toHaveLength(8);
  });

  it("sort by loss, by margin, and by disagreement with the truth or with another model", async () => {
    const { kernel, names } = await shown();
    const order = (name: string) => kernel.command({ type: "order", order: name });
    await order("loss descending");
    expect(names()).toEqual(["b3", "c0", "c1", "c2", "b2", "b1", "c3", "b0"]);
    await order("margin ascending");
    expect(names().slice(0, 3)).toEqual(["c0", "c1", "c2"]);
    await order("disagreement descending");
    expect(names().slice(0, 2)).toEqual(["b3", "c0"]);
    const other = { rows: 8, columns: 2, data: SCORES.data.slice() };
    other.data.set([0.1, 0.9], 2 * 6);
    other.data.set([0.6, 0.4], 2 * 5);
    const two = await shown({ comparedWith: { scores: other } });
    await two.kernel.command({ type: "order", order: "disagreement descending" });
    expect(two.names().slice(0, 2)).toEqual(["c1", "c2"]);
  });

  it("put a label that the model never saw first by loss, and sort decision values too", async () => {
    const values = { ...SCORES, data: SCORES.data.map((p) => 10 * p - 5) };
    const { kernel, names } = await shown({}, values);
    await kernel.command({ type: "label", id: 7, label: "spoon" }).catch(() => undefined);
    await kernel.command({ type: "order", order: "loss descending" });
    expect(names().slice(0, 2)).toEqual(["b3", "c0"]);
  });
});

describe("doubtful labels", () => {
  it("are those of confident learning, and one key accepts the label that is suggested", async () => {
    const { kernel, names, state, dataset } = await shown();
    const truth = [0, 0, 0, 0, 1, 1, 1, 1];
    const found = findLabelErrors({ labels: ["bowl", "cup"], truth, scores: SCORES });
    expect(found.length).toBeGreaterThan(0);
    expect(state().doubtful).toBe(found.length);
    await kernel.command({ type: "filter", filter: { ...EVERY_RESULT, doubtful: true } });
    expect(names().sort()).toEqual(found.map(({ index }) => (PICTURES[index] ?? "").replace(".png", "")).sort());
    expect(state().page.find(({ name }) => name === "b3.png")?.suggested).toBe("cup");
    await kernel.command({ type: "acceptLabel", id: 3 });
    expect(dataset.getLabelsForImage(3)).toEqual(["cup"]);
    expect(state().page.find(({ name }) => name === "b3.png")?.suggested).toBeNull();
  });

  it("are not looked for among scores that are no probabilities", async () => {
    const { state } = await shown({}, { ...SCORES, data: SCORES.data.map((p) => 10 * p) });
    expect(state().doubtful).toBeNull();
    expect(state().page[3]?.suggested).toBeNull();
  });
});

describe("what a model says about a picture", () => {
  /** A feature a picture's shade would be; here its place. */
  const features = (set: { images: readonly { name: string }[] }) => {
    const data = Float32Array.from(
      set.images.flatMap(({ name }) => [Number(/\d/.exec(name)?.[0]) + 1, name.startsWith("c") ? 5 : 1]),
    );
    return Promise.resolve({ rows: set.images.length, columns: 2, data });
  };

  it("names the training pictures that are most like it, and has their pictures", async () => {
    // The first picture of every such data set has the same content: it is b0 itself.
    const training = await pictureDataset({ a: ["z0.png"], bowl: ["t1.png", "t3.png"], cup: ["ct2.png"] });
    const { kernel, state } = await shown({ model: { features }, training });
    expect(state()).toMatchObject({ similarState: "off", similar: [] });
    await kernel.command({ type: "similar", on: true });
    await expect.poll(() => state().similarState).toBe("ready");
    // b0 is (1, 1): t1 is (2, 1), ct2 is (3, 5), t3 is (4, 1).
    expect(state().similar.map(({ name, labels }) => `${name} ${labels.join()}`)).toEqual([
      "ct2.png cup",
      "t1.png bowl",
      "t3.png bowl",
    ]);
    expect(state().similar[1]?.similarity).toBeCloseTo(3 / Math.sqrt(2 * 5), 6);
    const id = state().similar[0]?.id ?? -1;
    await kernel.command({ type: "pictures", reader: "r", ids: [id], side: 96 });
    await expect.poll(() => kernel.events("picture").map(({ content }) => content["id"])).toEqual([id]);
    await kernel.command({ type: "similar", on: false });
    expect(state().similar).toEqual([]);
  });

  it("shows where it looked for the predicted label, and follows the chosen picture", async () => {
    const asked: string[] = [];
    const saliency = ({ storagePath }: { storagePath: string }, label: string) => {
      asked.push(`${storagePath.slice(-6)} ${label}`);
      return Promise.resolve({ label, width: 2, height: 2, data: Float32Array.of(0, 0.5, 1, 0.25) });
    };
    const { kernel, state } = await shown({ model: { saliency } });
    expect(state()).toMatchObject({ saliencyState: "off", similarState: null });
    await kernel.command({ type: "saliency", on: true });
    await expect.poll(() => state().saliencyState).toBe("ready");
    expect(state().saliency?.url).toMatch(/^data:image\/png;base64,/);
    await kernel.command({ type: "select", position: 3 });
    await expect.poll(() => state().saliency?.label).toBe("cup");
    await kernel.command({ type: "select", position: 0 });
    expect(asked).toEqual(["b0.png bowl", "b3.png cup"]);
  });

  it("says what failed, and is off then", async () => {
    const saliency = () => Promise.reject(new Error("the network has no map"));
    const { kernel, state } = await shown({ model: { saliency } });
    await kernel.command({ type: "saliency", on: true });
    await expect
      .poll(() => kernel.events("failed").map(({ content }) => content["text"]))
      .toEqual(["the network has no map"]);
    expect(state()).toMatchObject({ saliencyState: "off", saliency: null });
  });
});
