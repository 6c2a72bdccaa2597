import type { PictureInput } from "./messages.js";
import type { NetworkRequest } from "./shared-network.js";
export interface TransferLearningModelOptions {
    /** What pictures can be, two at least; their order is that of the scores' columns. */
    labels: readonly string[];
    /** "embedded" (the default) comes with vitrine and needs no download; "resnet18" is torchvision's. */
    baseModel?: "embedded" | "resnet18";
    /** Pixels, one number or [height, width], 32 to 1024; by default 112 for "embedded", 224 for "resnet18". */
    imageSize?: number | readonly [number, number];
    /**
     * The base's weights: "embedded", "imagenet" (resnet18 from the hub), "random", a path or a URL of a safetensors or .pth file
     * in torchvision's or timm's names. By default what fits the base.
     */
    weights?: string;
    /** "crop" (the default) takes the biggest centred part of the input's shape, "stretch" the whole picture. */
    fit?: "crop" | "stretch";
    /** Features are the mean over the picture and its mirror image: better, and twice the work. true by default. */
    mirror?: boolean;
    /** Of random weights; 1 by default. */
    seed?: number;
}
export interface CheckedModelOptions {
    labels: readonly string[];
    input: PictureInput;
    base: NetworkRequest;
}
/** @throws InvalidOption */
export declare function checkModelOptions(options: TransferLearningModelOptions): CheckedModelOptions;
//# sourceMappingURL=model-options.d.ts.map