/** Where the set-up found no TensorFlow: the same results on WebAssembly, and a sentence where it can't. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { afterAll, describe, expect, it } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";

const library = fileURLToPath(new URL("../../../src/kernel-lib/dist/index.js", import.meta.url));
const samples = fileURLToPath(new URL("../../../sample_data/tableware", import.meta.url));

const SCRIPT = `
const { ClassificationDataset, TransferLearningModel, engine } = require(${JSON.stringify(library)});
(async () => {
  const whole = await ClassificationDataset.createFromDir("tableware", ${JSON.stringify(samples)});
  const [train, test] = whole.split({ trainSize: 0.66, seed: 1 });
  const model = new TransferLearningModel({ labels: whole.labels });
  await model.train(train, { observer: null });
  const scores = [...(await model.score(test)).data];
  const map = [...(await model.saliency(test.images[0], "cup")).data];
  const error = await model.train(train, { freeze: false, observer: null }).catch((reason) => reason);
  const { tensors, networkTensors } = await engine.memory();
  const info = await engine.info();
  console.log(JSON.stringify({ backend: info.backend, said: String(info), scores, map, code: error.code, message: error.message, stray: tensors - networkTensors }));
})();`;

interface Answer {
  backend: string;
  said: string;
  scores: number[];
  map: number[];
  code: string;
  message: string;
  stray: number;
}

afterAll(() => engine.close());

describe("without TensorFlow", () => {
  it("frozen training gives TensorFlow's scores to 1e-3 and its saliency, and fine-tuning says why not and what to do", async () => {
    const env = { ...process.env, VITRINE_TENSORFLOW: "none" };
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", SCRIPT], { env, encoding: "utf8", timeout: 200_000 });
    expect(stderr).toBe("");
    const answer = JSON.parse(stdout) as Answer;
    expect([answer.backend, answer.code, answer.stray]).toEqual(["wasm", "EngineUnavailable", 0]);
    expect(answer.message).toContain("Train with freeze: true");
    expect(answer.said).toMatch(/^WebAssembly on the CPU, in TensorFlow's place \(VITRINE_TENSORFLOW=none\)/);
    expect(answer.said).toMatch(/Training all layers \(freeze: false\) does not:\n.*npm run setup/);
    const whole = await ClassificationDataset.createFromDir("tableware", samples);
    const [train, test] = whole.split({ trainSize: 0.66, seed: 1 });
    const model = new TransferLearningModel({ labels: whole.labels });
    await model.train(train, { observer: null });
    const { data } = await model.score(test);
    const looked = await model.saliency(test.images[0] ?? { storagePath: "" }, "cup");
    expect(answer.map).toHaveLength(looked.data.length);
    expect(Math.max(...looked.data.map((value, i) => Math.abs(value - (answer.map[i] ?? NaN))))).toBeLessThan(2e-2);
    expect(String(await engine.info())).toMatch(/^TensorFlow \d+\.\d+\.\d+ on the (CPU|graphics card) \(/);
    expect(answer.scores).toHaveLength(data.length);
    expect(Math.max(...data.map((value, i) => Math.abs(value - (answer.scores[i] ?? NaN))))).toBeLessThan(1e-3);
  }, 240_000);
});
