/** `DetectionResultsUI` without a browser: what becomes of boxes that are mended by what a detector saw. */
import { afterEach, expect, test } from "vitest";

import { installKernelPort } from "../../../src/kernel-lib/comm/port.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { DetectionResultsUI } from "../../../src/kernel-lib/ui/detection-results-ui.js";
import { withMemoryKernel } from "./memory-kernel.js";
import { pictureFolder } from "./picture-folder.js";

afterEach(() => installKernelPort(undefined));

test("a detection that sticks out of the picture is added and fitted as far as it is in it, as the annotation tool takes it", async () => {
  const options = { imageSubdirectory: "pictures", unannotated: "include", labels: ["cup", "bowl"] } as const;
  const dataset = await ObjectDetectionDataset.createFromDir(
    "boxes",
    await pictureFolder({ pictures: ["a.png"] }),
    options,
  );
  const { width = 0, height = 0 } = dataset.images[0] ?? {};
  const detections = [
    {
      boxes: Float32Array.of(-0.5, -2, 8.26, 9.1, 1, 2, width + 3, height + 0.4),
      scores: Float32Array.of(0.9, 0.8),
      classes: Int32Array.of(0, 1),
    },
  ];
  const kernel = withMemoryKernel();
  await new DetectionResultsUI(dataset, { labels: ["cup", "bowl"], detections }).show();
  await kernel.command({ type: "adoptBox", id: 0, place: 0 });
  await kernel.command({ type: "fitBox", id: 0, index: 0, place: 1 });
  await kernel.command({ type: "adoptBox", id: 0, place: 0 });
  expect(kernel.events("failed")).toEqual([]);
  expect(dataset.images[0]?.boxes).toMatchObject([
    { label: "cup", xmin: 1, ymin: 2, xmax: width, ymax: height },
    { label: "cup", xmin: 0, ymin: 0, xmax: 8.3, ymax: 9.1 },
  ]);
});
