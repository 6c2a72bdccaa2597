"""torchvision's side of detection.mjs: TASK."""
import json
import re
import sys
import time

import torch
import torchvision
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone
from torchvision.ops import FrozenBatchNorm2d

task = sys.argv[1]
torch.set_num_threads(1)
torch.manual_seed(1)
SIDE = 600


def boxes(count, side, least, most):
    size = torch.rand(count, 2) * (most - least) + least
    corner = torch.rand(count, 2) * (side - size)
    return torch.cat([corner, corner + size], 1)


def suppression():
    found, scores = boxes(10_000, 1000, 10, 110), torch.rand(10_000)
    return lambda: torchvision.ops.nms(found, scores, 0.5)


def alignment():
    features = torch.randn(1, 1024, 38, 38, requires_grad=True)
    regions = boxes(128, 608, 16, 256)

    def work():
        features.grad = None
        (torchvision.ops.roi_align(features, [regions], 7, 1 / 16, 2) ** 2).sum().backward()

    return work


def detector():
    backbone = resnet_fpn_backbone(backbone_name="resnet50", weights=None, norm_layer=FrozenBatchNorm2d, trainable_layers=3)
    return FasterRCNN(backbone, 9, min_size=SIDE, max_size=SIDE)


def inference():
    net, picture = detector().eval(), [torch.randn(3, SIDE, SIDE)]

    def work():
        with torch.inference_mode():
            net(picture)

    return work


def step():
    net, picture = detector().train(), [torch.randn(3, SIDE, SIDE)]
    truth = [{"boxes": boxes(9, SIDE, 40, 300), "labels": torch.arange(9) % 8 + 1}]
    learning = [p for p in net.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(learning, 1e-4, momentum=0.9, weight_decay=1e-4)

    def work():
        optimizer.zero_grad()
        loss = sum(net(picture, truth).values())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 10)
        optimizer.step()
        loss.item()

    return work


work = {"nms": suppression, "roi": alignment, "infer": inference, "step": step}[task]()
for _ in sys.stdin:
    start, used = time.perf_counter(), time.process_time()
    work()
    took = {"wall": (time.perf_counter() - start) * 1e3, "cpu": (time.process_time() - used) * 1e3}
    print(json.dumps(took), flush=True)
# Not ru_maxrss, which goes on from the process that started this one.
peak = re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())
print(json.dumps({"memory": int(peak[1]) / 1024}), flush=True)
