"""Teach a network to see in large pictures what it sees in small ones (distillation: Hinton et al. 2015; here of features, and of itself).

python align.py --teacher SMALL.pt --start SMALL.pt LARGE.pt --fine FINE... --photos PHOTOS.npz --out OUT.pt --seconds 1500
The teacher looks at a picture at 112 px, where its features are best. The network looks at the same crop at any size, and learns to give the
same features; no labels are needed. It begins at the mean of the weights given. Statistics of batch norm stay as they are, since steps at 224 px hold few pictures. What is saved at the
end is the mean of its weights and the teacher's (Wortsman et al. 2022): as good in small pictures as the teacher, nearly as good in large ones as itself.
"""
import argparse
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from evaluate import load_net
from prepare_photos import decode
from train import MEAN, STD, MeanWeights, Pool, object_boxes, optimizer, photo_boxes, rate_at, sample, tint

TEACHER_SIDE = 112
LARGEST = 224
SIZES = {96: 0.1, 112: 0.15, 128: 0.1, 160: 0.15, 192: 0.12, 224: 0.38}
PICTURES = 10  # at 224 px; more of smaller ones, up to four times as many


def crops(pool, photos, n):
    """Crops of generated pictures and a quarter as many of photographs, 224 px, in the network's own range."""
    pictures, _, frame = pool.draw(n)
    generated = pictures[..., :3].permute(0, 3, 1, 2).float() / 255
    few = max(1, n // 4)
    chosen = photos[torch.randint(len(photos), (few,))].permute(0, 3, 1, 2).float() / 255
    x = torch.cat([sample(generated, object_boxes(frame), LARGEST), sample(chosen, photo_boxes(few), LARGEST)])
    return tint(x[torch.randperm(len(x))])


def resized(x, side):
    return x if x.shape[2] == side else F.interpolate(x, size=(side, side), mode="bilinear", antialias=True)


@torch.no_grad()
def deviation(teacher, pools, photos):
    """Of each of the teacher's features, over some hundred pictures: what a difference is measured by."""
    found = [teacher(resized(crops(pool, photos, 100), TEACHER_SIDE)) for pool in pools]
    return torch.cat(found).std(0) + 1e-3


def difference(net, teacher, x, side, scale):
    with torch.no_grad():
        wanted = teacher(resized(x, TEACHER_SIDE).contiguous(memory_format=torch.channels_last))
    found = net(resized(x, side).contiguous(memory_format=torch.channels_last))
    return (((found - wanted) / scale) ** 2).mean()


def mean_net(files):
    net, *others = map(load_net, files)
    state = net.state_dict()
    for i, other in enumerate(others):
        state = mixed(state, other.state_dict(), 1 / (i + 2))
    net.load_state_dict(state)
    return net


def mixed(state, other, share):
    return {k: v.lerp(other[k], share) if v.is_floating_point() else v for k, v in state.items()}


def options():
    a = argparse.ArgumentParser()
    for name in ("teacher", "photos", "out"):
        a.add_argument(f"--{name}", required=True)
    a.add_argument("--start", required=True, nargs="+")
    a.add_argument("--fine", required=True, nargs="+")
    a.add_argument("--fine-capacity", type=int, default=16000)
    a.add_argument("--seconds", type=float, required=True)
    a.add_argument("--share", type=float, default=0.5, help="of the teacher, in the weights saved at the end")
    a.add_argument("--rate", type=float, default=5e-4)
    a.add_argument("--seed", type=int, default=0)
    a.add_argument("--threads", type=int, default=1)
    return a.parse_args()


def main():
    o = options()
    torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    rng = np.random.default_rng(o.seed)
    photos = torch.from_numpy(decode(np.load(o.photos)))
    pools = [Pool(f, o.fine_capacity, "cpu") for f in o.fine]
    for pool in pools:
        pool.refresh()
    teacher, net = (n.eval().to(memory_format=torch.channels_last) for n in (load_net(o.teacher), mean_net(o.start)))
    scale = deviation(teacher, pools, photos)
    opt, mean = optimizer([net], o.rate, 0.01), MeanWeights(net)
    start, step, spoken, means = time.time(), 0, 0, {}
    while (spent := time.time() - start) < o.seconds:
        side = int(rng.choice(list(SIZES), p=list(SIZES.values())))
        n = min(4 * PICTURES, round(PICTURES * (LARGEST / side) ** 2))
        for g in opt.param_groups:
            g["lr"] = rate_at(spent / o.seconds, step, o.rate)
        loss = difference(net, teacher, crops(pools[step % len(pools)], photos, n), side, scale)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        mean.add(net)
        step += 1
        means[side] = means.get(side, loss.item()) * 0.95 + loss.item() * 0.05
        if spent - spoken > 120:
            spoken = spent
            print(f"{spent:.0f}s step {step} difference {({s: round(v, 3) for s, v in sorted(means.items())})}", flush=True)
            torch.save({"width": net.conv1.out_channels, "net": mean.state}, o.out)
    torch.save({"width": net.conv1.out_channels, "net": mixed(mean.state, teacher.state_dict(), o.share)}, o.out)
    print(f"done, {time.process_time():.0f} CPU-seconds: step {step} {means}", flush=True)


if __name__ == "__main__":
    main()
