/** A model that was trained for a moment, and folders that go when a test file ends. */
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type * as Vitrine from "../../src/kernel-lib/index.js";
import { inRoot } from "../../scripts/places.mjs";

/** As built: replicas and threads run that too, and two copies of the engine would be two. */
export const vitrine = createRequire(import.meta.url)(
  inRoot("src", "kernel-lib", "dist", "index.js"),
) as typeof Vitrine;

type Dataset = Awaited<ReturnType<typeof vitrine.ClassificationDataset.createFromDir>>;
type Model = InstanceType<typeof vitrine.TransferLearningModel>;

export async function trainedModel(): Promise<{ dataset: Dataset; model: Model }> {
  const dataset = await vitrine.ClassificationDataset.createFromDir("tableware", inRoot("sample_data", "tableware"));
  const model = new vitrine.TransferLearningModel({ labels: dataset.labels, baseModel: "embedded" });
  await model.train(dataset, { epochs: 3, freeze: true, seed: 1, observer: null });
  return { dataset, model };
}

/** Services of these tests alone; gives what removes them. */
export async function ownDeployments(): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), "vitrine-deployments-"));
  process.env["VITRINE_DEPLOYMENTS"] = home;
  return async () => {
    for (const { name } of await vitrine.Deployment.list()) await vitrine.Deployment.deleteIfExists(name);
    await rm(home, { recursive: true, force: true });
    delete process.env["VITRINE_DEPLOYMENTS"];
  };
}
