"""The same augmentations by torchvision v2, albumentations and imgaug, whichever are there: pictures a second of CPU time, one thread.

Run: python augmentation-peer.py SIDE; for each line { "row": name, "seconds": length of a round } it prints
[{ "name": library, "perSecond": figure }].
"""

import importlib
import json
import sys
import time
from importlib.metadata import version

import numpy as np

SIDE = int(sys.argv[1])
values = np.arange(SIDE * SIDE * 3, dtype=np.int64)
picture = ((values / 7).astype(np.int64) + np.random.RandomState(1).randint(0, 32, values.size) & 255).astype(np.uint8)
picture = picture.reshape(SIDE, SIDE, 3)
actions = {}


def measure(row, library, action):
    actions.setdefault(row, []).append((f"{library} {version(library)}", action))


def per_second(action, seconds):
    start, count = time.process_time(), 0
    while count == 0 or time.process_time() - start < seconds:
        action()
        count += 1
    return count / (time.process_time() - start)


def there(module):
    try:
        return importlib.import_module(module)
    except Exception:  # imgaug breaks on numpy 2 with an AttributeError
        return None


if there("torchvision"):
    import torch
    from torchvision.transforms import v2

    torch.set_num_threads(1)
    tensor = torch.from_numpy(picture).permute(2, 0, 1).contiguous()
    bilinear = v2.InterpolationMode.BILINEAR
    measure("flip and crop", "torchvision", lambda: v2.functional.crop(v2.functional.horizontal_flip(tensor), 25, 20, SIDE - 45, SIDE - 50).contiguous())
    measure("affine rotation", "torchvision", lambda: v2.functional.rotate(tensor, 17, interpolation=bilinear))
    measure("Gaussian blur, sigma 2", "torchvision", lambda: v2.functional.gaussian_blur(tensor, 7, 2.0))
    floats = tensor.float() / 255
    measure("additive noise a channel", "torchvision", lambda: v2.functional.gaussian_noise(floats, 0, 15 / 255))
    elastic = v2.ElasticTransform(30.0, 5.0, interpolation=bilinear)
    measure("elastic, linear", "torchvision", lambda: elastic(tensor))

if there("albumentations"):
    import albumentations as A
    import cv2

    cv2.setNumThreads(1)
    for row, transform in {
        "flip and crop": A.Compose([A.HorizontalFlip(p=1), A.Crop(20, 25, SIDE - 30, SIDE - 20, p=1)]),
        "affine rotation": A.Affine(rotate=(17, 17), p=1),
        "Gaussian blur, sigma 2": A.GaussianBlur(blur_limit=(7, 7), sigma_limit=(2, 2), p=1),
        "additive noise a channel": A.GaussNoise(std_range=(15 / 255, 15 / 255), p=1),
        "elastic, linear": A.ElasticTransform(alpha=30, sigma=5, p=1),
    }.items():
        measure(row, "albumentations", lambda transform=transform: transform(image=picture))

iaa = there("imgaug.augmenters")
if iaa:
    for row, augmenter in {
        "flip and crop": iaa.Sequential([iaa.Fliplr(1), iaa.Crop(px=(25, 30, 20, 20), keep_size=False)]),
        "affine rotation": iaa.Affine(rotate=17),
        "Gaussian blur, sigma 2": iaa.GaussianBlur(2),
        "additive noise a pixel": iaa.AdditiveGaussianNoise(scale=15),
        "additive noise a channel": iaa.AdditiveGaussianNoise(scale=15, per_channel=True),
        "elastic, linear": iaa.ElasticTransformation(alpha=30, sigma=5, order=1),
    }.items():
        measure(row, "imgaug", lambda augmenter=augmenter: augmenter(image=picture))

for line in sys.stdin:
    asked = json.loads(line)
    found = actions.get(asked["row"], [])
    print(json.dumps([{"name": name, "perSecond": per_second(run, asked["seconds"])} for name, run in found]), flush=True)
