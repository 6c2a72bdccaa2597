/** The networks that a model can stand on, by name. */
import { ALEXNET_MIN_SIDE, alexnetPlan } from "./alexnet.js";
import type { NetworkPlan } from "./plan.js";
import { type BottleneckStride, resnetNames, resnetPlan, type ResNetName } from "./resnet.js";

/** Networks of torchvision, with weights from ImageNet on the hub. */
export type ArchitectureName = ResNetName | "alexnet";

/** "embedded" is a narrow ResNet-18 whose weights come with vitrine; the others are torchvision's. */
export type BaseModelName = "embedded" | ArchitectureName;

export const architectureNames: readonly ArchitectureName[] = [...resnetNames, "alexnet"];

export const baseModelNames: readonly BaseModelName[] = ["embedded", ...architectureNames];

/** What a base is built as. */
export const architectureOf = (base: BaseModelName): ArchitectureName => (base === "embedded" ? "resnet18" : base);

/** @param width channels of a ResNet's first stage; AlexNet has one width only */
export const architecturePlan = (name: ArchitectureName, width: number, strideOn?: BottleneckStride): NetworkPlan =>
  name === "alexnet" ? alexnetPlan() : resnetPlan(name, width, strideOn);

/** The shortest side of a picture that leaves something for the last layer. */
export const shortestSide = (base: BaseModelName): number => (base === "alexnet" ? ALEXNET_MIN_SIDE : 32);
