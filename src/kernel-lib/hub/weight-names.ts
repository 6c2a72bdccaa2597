/**
 * One scheme of names for the same network from different homes: torchvision's.
 *
 * torchvision and timm name the layers of a ResNet alike (`layer1.0.conv1.weight`); Hugging Face's `microsoft/resnet-*` has
 * names of its own. Wrappers put a prefix before all of them. A block's convolutions are numbered from 1 in torchvision's
 * scheme and from 0 in Hugging Face's.
 */

export type NameScheme = "torchvision" | "huggingface";

/** DataParallel, Lightning and the like, and what they wrap. */
const WRAPPERS = /^(?:(?:module|model|backbone|encoder_q|net|_orig_mod)\.)+/;

const STEM = /^(?:resnet\.)?embedder\.embedder\.(convolution|normalization)\.(.+)$/;
const LAYER =
  /^(?:resnet\.)?encoder\.stages\.(\d+)\.layers\.(\d+)\.(?:layer\.(\d+)|(shortcut))\.(convolution|normalization)\.(.+)$/;
const CLASSIFIER = /^classifier\.1\.(.+)$/;

/** The first and the last convolution, and a linear layer, of torchvision's AlexNet. */
const ALEXNET = ["features.0.weight", "features.10.weight", "classifier.4.weight"];

/** Which scheme a file's names follow; undefined where neither is recognised. */
export function schemeOf(names: Iterable<string>): NameScheme | undefined {
  const all = [...names];
  const bare = new Set(all.map(withoutWrapper));
  if (ALEXNET.every((name) => bare.has(name))) return "torchvision";
  for (const name of all) {
    if (STEM.test(name) || LAYER.test(name)) return "huggingface";
    if (/^(conv1|bn1|layer\d+\.\d+)\./.test(withoutWrapper(name))) return "torchvision";
  }
  return undefined;
}

/** The same tensors under torchvision's names, where `schemeOf` recognises them; else under the names they have. */
export function canonicalNames<T>(tensors: ReadonlyMap<string, T>): Map<string, T> {
  const scheme = schemeOf(tensors.keys());
  if (scheme === undefined) return new Map(tensors);
  const canonical = scheme === "huggingface" ? (name: string) => fromHuggingFace(name) ?? name : withoutWrapper;
  return new Map([...tensors].map(([name, tensor]) => [canonical(name), tensor]));
}

const withoutWrapper = (name: string) => name.replace(WRAPPERS, "");

function fromHuggingFace(name: string): string | undefined {
  const stem = STEM.exec(name);
  if (stem) return `${stem[1] === "convolution" ? "conv1" : "bn1"}.${stem[2] ?? ""}`;
  const classifier = CLASSIFIER.exec(name);
  if (classifier) return `fc.${classifier[1] ?? ""}`;
  const layer = LAYER.exec(name);
  if (!layer) return undefined;
  const [, stage, block, index, shortcut, kind, rest = ""] = layer;
  const convolution = kind === "convolution";
  const part = shortcut ? `downsample.${convolution ? 0 : 1}` : `${convolution ? "conv" : "bn"}${Number(index) + 1}`;
  return `layer${Number(stage) + 1}.${block ?? ""}.${part}.${rest}`;
}
