/** The networks that a model can stand on, by name. */
import type { NetworkPlan } from "./plan.js";
import { resnetNames, resnetPlan, type ResNetName } from "./resnet.js";

/** Networks of torchvision, with weights from ImageNet on the hub. */
export type ArchitectureName = ResNetName;

/** "embedded" is a narrow ResNet-18 whose weights come with vitrine; the others are torchvision's. */
export type BaseModelName = "embedded" | ArchitectureName;

export const architectureNames: readonly ArchitectureName[] = resnetNames;

export const baseModelNames: readonly BaseModelName[] = ["embedded", ...architectureNames];

/** What a base is built as. */
export const architectureOf = (base: BaseModelName): ArchitectureName => (base === "embedded" ? "resnet18" : base);

/** @param width channels of the first stage */
export const architecturePlan = (name: ArchitectureName, width: number): NetworkPlan => resnetPlan(name, width);
