/** Runs the code of a page as a reader would: in a folder with the sample data, with the built library. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";

import { inRoot } from "../../../scripts/places.mjs";
import { vitrine } from "../../serving/trained-model.js";
import { isAboutDetector } from "./given.js";
import type { CodeBlock } from "./code-blocks.js";

const AsyncFunction = (async () => Promise.resolve()).constructor as new (
  ...parameters: string[]
) => (...values: unknown[]) => Promise<void>;

/** Moves there; the function returned moves back and takes it away. */
export async function enterSampleFolder(): Promise<() => Promise<void>> {
  const before = process.cwd();
  const folder = await mkdtemp(join(tmpdir(), "vitrine-documentation-"));
  // Without journals and indices of earlier runs.
  const filter = (path: string) => !path.includes(".vitrine");
  await cp(inRoot("sample_data"), join(folder, "sample_data"), { recursive: true, filter });
  await cp(inRoot("sample_data", "tableware"), join(folder, "pictures"), { recursive: true, filter });
  process.chdir(folder);
  return async () => {
    process.chdir(before);
    await rm(folder, { recursive: true, force: true });
  };
}

type Values = Readonly<Record<string, unknown>>;

/** What the code of a page takes as there already, made in the current folder; see `given.ts`. */
export async function givenValues(): Promise<{ plain: Values; toDetectors: Values }> {
  const dataset = await vitrine.ClassificationDataset.createFromDir("tableware", "sample_data/tableware");
  const [train, test] = dataset.split({ trainSize: 0.66 });
  const model = new vitrine.TransferLearningModel({ labels: dataset.labels });
  await model.train(train, { observer: null, runFolder: "out/runs/second" });
  const boxes = await vitrine.ObjectDetectionDataset.createFromDir("fridge", "sample_data/fridge/train");
  const picture = await vitrine.decodeImage("sample_data/tableware/cup/cup-01.jpg");
  const pipeline = vitrine.augmenters.Fliplr(0.5);
  const plain = {
    ...{ dataset, train, test, model, boxes, picture, pipeline },
    evaluation: await vitrine.ClassificationEvaluation.run(model, test),
    ...{ subject: { image: picture }, subjects: [{ image: picture }, { image: picture }] },
    report: await vitrine.findNearDuplicates(dataset),
    ...{ memory: new Uint8Array(picture.data.length), signal: new AbortController().signal },
  };
  const pictures = await vitrine.ObjectDetectionDataset.createFromDir("test", "sample_data/fridge/test");
  return { plain, toDetectors: { detector: new vitrine.FasterRCNN({ labels: boxes.labels }), test: pictures } };
}

/** One block, with what it declares to itself. */
export async function runBlock(block: CodeBlock, values: Awaited<ReturnType<typeof givenValues>>): Promise<void> {
  const names = { ...vitrine, ...values.plain, ...(isAboutDetector(block) && values.toDetectors) };
  const { outputText } = ts.transpileModule(`async function block() {\n${block.code}\n}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  await new AsyncFunction(...Object.keys(names), `${outputText}\nawait block();`)(...Object.values(names));
}
