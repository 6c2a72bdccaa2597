/** Pretrained weights that vitrine knows by name: where they come from, under which licence. */

export interface KnownWeights {
  /** Owner and name on the Hugging Face hub; where `onHub` is false, a mirror's folder only. */
  repository: string;
  onHub: boolean;
  file: string;
  /** The licence of the weights, as their publisher states it. */
  licence: string;
  /** The publisher's own copy, for when the hub can't be reached. */
  fallback: { url: string; sha256Prefix?: string };
}

const LICENCE = "BSD-3-Clause (torchvision); trained on ImageNet-1k, whose pictures are for research";

/**
 * torchvision's first ImageNet weights, republished by timm under torchvision's licence. torch's own files carry the first
 * eight digits of their SHA-256 in their names; `torch.hub` checks them against that too.
 */
function torchvision(name: string, sha256Prefix: string): [string, KnownWeights] {
  return [
    `imagenet:${name}`,
    {
      repository: `timm/${name}.tv_in1k`,
      onHub: true,
      file: "model.safetensors",
      licence: LICENCE,
      fallback: { url: `https://download.pytorch.org/models/${name}-${sha256Prefix}.pth`, sha256Prefix },
    },
  ];
}

/** timm has no AlexNet, so these come from torch's own server. */
const ALEXNET: KnownWeights = {
  repository: "torchvision/alexnet",
  onHub: false,
  file: "alexnet-owt-7be5be79.pth",
  licence: LICENCE,
  fallback: { url: "https://download.pytorch.org/models/alexnet-owt-7be5be79.pth", sha256Prefix: "7be5be79" },
};

/** torchvision's detector; a whole one, trained on COCO. */
const COCO_DETECTOR: KnownWeights = {
  repository: "torchvision/fasterrcnn_resnet50_fpn",
  onHub: false,
  file: "fasterrcnn_resnet50_fpn_coco-258fb6c6.pth",
  licence: "BSD-3-Clause (torchvision); trained on COCO train2017, whose annotations are CC BY 4.0",
  fallback: {
    url: "https://download.pytorch.org/models/fasterrcnn_resnet50_fpn_coco-258fb6c6.pth",
    sha256Prefix: "258fb6c6",
  },
};

/** TensorFlow's detector; an archive whose checkpoint has a checksum for every tensor. */
const TENSORFLOW_DETECTOR: KnownWeights = {
  repository: "tensorflow/faster_rcnn_resnet50_coco",
  onHub: false,
  file: "faster_rcnn_resnet50_coco_2018_01_28.tar.gz",
  licence: "Apache-2.0 (TensorFlow's models); trained on COCO, whose annotations are CC BY 4.0",
  fallback: {
    url: "https://download.tensorflow.org/models/object_detection/faster_rcnn_resnet50_coco_2018_01_28.tar.gz",
  },
};

export const knownWeights: ReadonlyMap<string, KnownWeights> = new Map([
  torchvision("resnet18", "f37072fd"),
  torchvision("resnet34", "b627a593"),
  torchvision("resnet50", "0676ba61"),
  torchvision("resnet101", "63fe2227"),
  torchvision("resnet152", "394f9c45"),
  ["imagenet:alexnet", ALEXNET],
  ["coco:fasterrcnn_resnet50_fpn", COCO_DETECTOR],
  ["coco:faster_rcnn_resnet50_coco", TENSORFLOW_DETECTOR],
]);
