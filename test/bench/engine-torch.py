"""PyTorch's side of engine-peers.mjs: TASK NETWORK PICTURES SIDE, with torchvision's networks."""
import json
import re
import sys
import time

import torch
import torchvision

task, name, count, side = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(1)
model = getattr(torchvision.models, name)(num_classes=4)
x = torch.randn(count, 3, side, side)
y = torch.arange(count) % 4
optimizer = torch.optim.SGD(model.parameters(), 1e-3, momentum=0.9, weight_decay=5e-4)


def step():
    model.train()
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    loss.item()


def infer():
    model.eval()
    with torch.inference_mode():
        model(x)


for _ in sys.stdin:
    start, used = time.perf_counter(), time.process_time()
    step() if task == "step" else infer()
    took = {"wall": (time.perf_counter() - start) * 1e3, "cpu": (time.process_time() - used) * 1e3}
    print(json.dumps(took), flush=True)
# Not ru_maxrss, which goes on from the process that started this one.
peak = re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())
print(json.dumps({"memory": int(peak[1]) / 1024}), flush=True)
