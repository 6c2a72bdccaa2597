/** From a point that was picked on a curve to what a service answers. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ownDeployments, trainedModel, vitrine } from "./trained-model.js";

const { ClassificationEvaluation, Deployment, PrecisionRecallUI } = vitrine;

let cleanUp: () => Promise<void>;
let dataset: Awaited<ReturnType<typeof trainedModel>>["dataset"];
let model: Awaited<ReturnType<typeof trainedModel>>["model"];
beforeAll(async () => {
  cleanUp = await ownDeployments();
  ({ dataset, model } = await trainedModel());
});
afterAll(async () => {
  await cleanUp();
  await vitrine.engine.close();
});

interface Found {
  label: string;
  index: number;
  score: number;
}

describe("a deployment's threshold", () => {
  it("is what was picked: the service finds as many cups as the curve says, and who asks for another gets that", async () => {
    const evaluation = await ClassificationEvaluation.run(model, dataset);
    const ui = new PrecisionRecallUI(evaluation);
    ui.choose("cup");
    ui.want({ recall: 0.7 });
    const threshold = await ui.threshold();
    const service = new Deployment({ name: "picked", model, spare: false, threshold: { cup: threshold, bowl: 1 } });
    await service.deploy({ progress: null });
    const answers = await service.scoreImage(dataset.images);
    const found = answers.map((answer) => JSON.parse(answer) as Found[]);
    const column = dataset.labels.indexOf("cup");
    const expected = dataset.images.map((_, row) => {
      return (evaluation.scores.data[row * dataset.labels.length + column] ?? 0) >= threshold;
    });
    expect(found.map((labels) => labels.some(({ label }) => label === "cup"))).toEqual(expected);
    const cups = dataset.images.map(({ labels }) => labels.includes("cup"));
    const right = cups.filter((is, row) => is && expected[row]).length;
    expect(right / cups.filter(Boolean).length).toBeCloseTo(ui.picked.recall, 9);
    // The others have no threshold, and are all there; a bowl has to be certain.
    const named = new Set(found.flatMap((labels) => labels.map(({ label }) => label)));
    expect([...named].sort()).toEqual(["cup", "cutlery", "plate"]);
    const asked = await service.scoreImage(dataset.images[0] ?? "", {
      parameters: { threshold: 0, ADD_SOFTMAX: true },
    });
    expect(JSON.parse(asked)).toHaveLength(dataset.labels.length);
    // A service that is found again, and one that is started again, keep it.
    await service.stop();
    await (await Deployment.open("picked")).start({ progress: null });
    expect(await service.scoreImage(dataset.images[0] ?? "")).toBe(answers[0]);
    await service.delete();
  });

  it.each([
    [2, "Expected a number between 0 and 1 for threshold but received 2"],
    [Infinity, "Expected a number between 0 and 1 for threshold"],
    [{ cup: "high" }, 'Expected a number between 0 and 1 for threshold["cup"] but received "high"'],
    [{ mug: 0.5 }, 'Expected one of "bowl", "cup", "cutlery", "plate" for threshold\'s labels but received "mug"'],
    [[0.5], "Expected a number between 0 and 1, or such numbers by label for threshold"],
  ])("%j is refused by name", (threshold, message) => {
    expect(() => new Deployment({ name: "refused", model, threshold: threshold as number })).toThrow(message);
  });
});
