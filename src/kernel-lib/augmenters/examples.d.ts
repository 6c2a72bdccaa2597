/**
 * One example of every augmenter, for galleries: with its defaults where these show anything, else with settings that do.
 *
 * ```ts
 * for (const { module, name, augmenter } of augmenters.examples()) show(module, name, augmenter.augmentImage(picture));
 * ```
 */
import type { Augmenter } from "./augmenter.js";
export interface AugmenterExample {
    /** imgaug's module. */
    module: string;
    name: string;
    augmenter: Augmenter;
}
/** Every augmenter of imgaug, but for the one that writes files. */
export declare function examples(): AugmenterExample[];
//# sourceMappingURL=examples.d.ts.map