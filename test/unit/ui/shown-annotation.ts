/** An annotation tool that is shown, and the kernel that it talks to. */
import { afterEach } from "vitest";

import { installKernelPort } from "../../../src/kernel-lib/comm/port.js";
import type { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import type { AnnotationState } from "../../../src/kernel-lib/protocol/index.js";
import { AnnotationUI, type AnnotationOptions } from "../../../src/kernel-lib/ui/annotation-ui.js";
import { withMemoryKernel, type MemoryKernel } from "./memory-kernel.js";

/** Eight pictures of three labels, for `pictureDataset`. */
export const THINGS = {
  bowl: ["b1.png", "b2.png", "b3.png"],
  cup: ["c1.png", "c2.png", "c3.png", "c4.png"],
  plate: ["p1.png"],
};

afterEach(() => installKernelPort(undefined));

export async function shown(dataset: ClassificationDataset, options?: AnnotationOptions) {
  const kernel = withMemoryKernel();
  const widget = new AnnotationUI(dataset, options);
  await widget.show();
  return { kernel, widget, state: () => kernel.state<AnnotationState>() };
}

/** What a screen reader was told. */
export const announcements = (kernel: MemoryKernel) => kernel.events("announce").map(({ content }) => content["text"]);
