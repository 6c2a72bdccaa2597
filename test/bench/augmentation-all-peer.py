"""imgaug's side of augmentation-all.mjs: for each line { "module", "name", "seconds" } that comes in, one augmenter works on a picture for
about so long, and { "count", "cpu" } goes out: pictures, and seconds of CPU time. { "missing": why } where imgaug has none.

Run: python augmentation-all-peer.py SIDE PICTURE, with imgaug 0.4 and a Python and NumPy that it works with.
"""

import json
import sys
import time

import imgaug
import imgaug.augmenters as iaa
import numpy as np
from imgaug.augmentables.bbs import BoundingBox, BoundingBoxesOnImage
from imgaug.augmentables.segmaps import SegmentationMapsOnImage

try:
    import cv2

    cv2.setNumThreads(1)
except ImportError:
    pass

SIDE = int(sys.argv[1])
picture = np.fromfile(sys.argv[2], dtype=np.uint8).reshape(SIDE, SIDE, 3)
imgaug.seed(1)


class Circle:
    """A mask generator, as the example's."""

    def draw_masks(self, batch, random_state=None):
        y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE - 0.5
        return [(np.hypot(x, y) < 0.35).astype(np.float32)] * batch.nb_rows


class Points:
    def sample_points(self, images, random_state):
        return [random_state.uniform(0, SIDE, (200, 2)).astype(np.float32) for _ in images]


invert = lambda: iaa.Invert(1)
edge = lambda: iaa.EdgeDetect(1)
hue = lambda: iaa.WithChannels(0, iaa.Add(60))
grid = dict(nb_rows=4, nb_cols=4)
SIZES = dict(
    AspectRatio=lambda: dict(aspect_ratio=2),
    FixedSize=lambda crop: dict(width=80, height=60) if crop else dict(width=160, height=160),
    MultiplesOf=lambda: dict(width_multiple=50, height_multiple=50),
    PowersOf=lambda: dict(width_base=2, height_base=2),
)
# What `augmenters.examples()` sets where defaults would show nothing.
OWN = {
    "arithmetic.Add": lambda: iaa.Add(60),
    "arithmetic.AddElementwise": lambda: iaa.AddElementwise((-60, 60), per_channel=True),
    "arithmetic.AdditiveGaussianNoise": lambda: iaa.AdditiveGaussianNoise(scale=30, per_channel=True),
    "arithmetic.AdditiveLaplaceNoise": lambda: iaa.AdditiveLaplaceNoise(scale=25, per_channel=True),
    "arithmetic.AdditivePoissonNoise": lambda: iaa.AdditivePoissonNoise(lam=40, per_channel=True),
    "arithmetic.Dropout": lambda: iaa.Dropout(0.2),
    "arithmetic.Dropout2d": lambda: iaa.Dropout2d(0.6),
    "arithmetic.CoarseDropout": lambda: iaa.CoarseDropout(0.2, size_px=12),
    "arithmetic.ImpulseNoise": lambda: iaa.ImpulseNoise(0.1),
    "arithmetic.JpegCompression": lambda: iaa.JpegCompression(92),
    "arithmetic.Multiply": lambda: iaa.Multiply(1.5),
    "arithmetic.MultiplyElementwise": lambda: iaa.MultiplyElementwise((0.5, 1.5), per_channel=True),
    "arithmetic.Pepper": lambda: iaa.Pepper(0.1),
    "arithmetic.ReplaceElementwise": lambda: iaa.ReplaceElementwise(0.2, (0, 255), per_channel=True),
    "arithmetic.Salt": lambda: iaa.Salt(0.1),
    "arithmetic.SaltAndPepper": lambda: iaa.SaltAndPepper(0.1),
    "blend.Alpha": lambda: iaa.Alpha(0.5, edge()),
    "blend.AlphaElementwise": lambda: iaa.AlphaElementwise((0, 1.0), invert()),
    "blend.BlendAlpha": lambda: iaa.BlendAlpha(0.5, edge()),
    "blend.BlendAlphaBoundingBoxes": lambda: iaa.BlendAlphaBoundingBoxes(None, invert()),
    "blend.BlendAlphaCheckerboard": lambda: iaa.BlendAlphaCheckerboard(foreground=invert(), **grid),
    "blend.BlendAlphaElementwise": lambda: iaa.BlendAlphaElementwise((0, 1.0), invert()),
    "blend.BlendAlphaFrequencyNoise": lambda: iaa.BlendAlphaFrequencyNoise(exponent=-2, foreground=invert()),
    "blend.BlendAlphaHorizontalLinearGradient": lambda: iaa.BlendAlphaHorizontalLinearGradient(invert()),
    "blend.BlendAlphaMask": lambda: iaa.BlendAlphaMask(Circle(), invert()),
    "blend.BlendAlphaRegularGrid": lambda: iaa.BlendAlphaRegularGrid(foreground=invert(), **grid),
    "blend.BlendAlphaSegMapClassIds": lambda: iaa.BlendAlphaSegMapClassIds(1, invert()),
    "blend.BlendAlphaSimplexNoise": lambda: iaa.BlendAlphaSimplexNoise(invert()),
    "blend.BlendAlphaSomeColors": lambda: iaa.BlendAlphaSomeColors(iaa.Grayscale(1.0)),
    "blend.BlendAlphaVerticalLinearGradient": lambda: iaa.BlendAlphaVerticalLinearGradient(invert()),
    "blend.FrequencyNoiseAlpha": lambda: iaa.FrequencyNoiseAlpha(exponent=-2, first=invert()),
    "blend.SimplexNoiseAlpha": lambda: iaa.SimplexNoiseAlpha(invert()),
    "blur.GaussianBlur": lambda: iaa.GaussianBlur(2.5),
    "blur.MotionBlur": lambda: iaa.MotionBlur(15, angle=45),
    "blur.MeanShiftBlur": lambda: iaa.MeanShiftBlur(8, 30),
    "color.ChangeColorspace": lambda: iaa.ChangeColorspace("HSV"),
    "color.InColorspace": lambda: iaa.InColorspace("HSV", children=hue()),
    "color.WithBrightnessChannels": lambda: iaa.WithBrightnessChannels(iaa.Add(50)),
    "color.WithColorspace": lambda: iaa.WithColorspace("HSV", children=hue()),
    "color.WithHueAndSaturation": lambda: iaa.WithHueAndSaturation(hue()),
    "convolutional.Convolve": lambda: iaa.Convolve(np.float32([[-1, -1, 0], [-1, 1, 1], [0, 1, 1]])),
    "geometric.AffineCv2": lambda: iaa.AffineCv2(rotate=20, scale=0.8),
    "geometric.ElasticTransformation": lambda: iaa.ElasticTransformation(alpha=60, sigma=5),
    "geometric.PerspectiveTransform": lambda: iaa.PerspectiveTransform(0.15),
    "geometric.PiecewiseAffine": lambda: iaa.PiecewiseAffine(0.06),
    "geometric.WithPolarWarping": lambda: iaa.WithPolarWarping(iaa.CropAndPad(percent=(-0.1, 0.1))),
    "meta.AssertShape": lambda: iaa.AssertShape((None, None, None, None)),
    "meta.OneOf": lambda: iaa.OneOf([invert(), edge()]),
    "meta.RemoveCBAsByOutOfImageFraction": lambda: iaa.RemoveCBAsByOutOfImageFraction(0.5),
    "meta.Sequential": lambda: iaa.Sequential([iaa.Fliplr(1), iaa.Rotate(15)]),
    "meta.SomeOf": lambda: iaa.SomeOf(2, [invert(), iaa.Flipud(1), iaa.Rotate(20)]),
    "meta.Sometimes": lambda: iaa.Sometimes(0.5, invert(), edge()),
    "meta.WithChannels": lambda: iaa.WithChannels(0, iaa.Add(100)),
    "segmentation.Voronoi": lambda: iaa.Voronoi(Points()),
    "size.KeepSizeByResize": lambda: iaa.KeepSizeByResize(iaa.Crop(percent=0.2, keep_size=False)),
    "size.Resize": lambda: iaa.Resize({"width": 120, "height": 60}),
    "size.Scale": lambda: iaa.Scale(0.5),
    "weather.CloudLayer": lambda: iaa.CloudLayer(
        intensity_mean=220, intensity_freq_exponent=-2, intensity_coarse_scale=5, alpha_min=0, alpha_multiplier=0.9,
        alpha_size_px_max=8, alpha_freq_exponent=-2, sparsity=0.9, density_multiplier=1,
    ),
    "weather.RainLayer": lambda: iaa.RainLayer(
        density=0.08, density_uniformity=0.9, drop_size=0.015, drop_size_uniformity=0.3, angle=10, speed=0.1,
        blur_sigma_fraction=0.001,
    ),
    "weather.SnowflakesLayer": lambda: iaa.SnowflakesLayer(
        density=0.05, density_uniformity=0.6, flake_size=0.5, flake_size_uniformity=0.6, angle=20, speed=0.01,
        blur_sigma_fraction=0.0005,
    ),
}
for noun, settings in SIZES.items():
    for verb in ["Crop", "Pad"]:
        for prefix in ["", "Center"]:
            name = f"{prefix}{verb}To{noun}"
            options = settings(verb == "Crop") if noun == "FixedSize" else settings()
            OWN[f"size.{name}"] = lambda name=name, options=options: getattr(iaa, name)(**options)


def make(module, name):
    own = OWN.get(f"{module}.{name}")
    if own:
        return own()
    if module == "imgcorruptlike":
        return getattr(iaa.imgcorruptlike, name)(severity=3)
    return getattr(iaa.pillike if module == "pillike" else iaa, name)()


def action(module, name):
    augmenter = make(module, name)
    if name == "BlendAlphaSegMapClassIds":
        segments = SegmentationMapsOnImage(np.tile(np.arange(SIDE, dtype=np.int32) % 2, (SIDE, 1)), shape=picture.shape)
        return lambda: augmenter(image=picture, segmentation_maps=segments)
    if name == "BlendAlphaBoundingBoxes":
        boxes = BoundingBoxesOnImage([BoundingBox(40, 50, 300, 400, label="cup")], shape=picture.shape)
        return lambda: augmenter(image=picture, bounding_boxes=boxes)
    return lambda: augmenter(image=picture)


made = {}
for line in sys.stdin:
    asked = json.loads(line)
    key = asked["module"], asked["name"]
    try:
        run = made.get(key) or action(*key)
        if key not in made:
            run()
            made[key] = run
        start, count = time.process_time(), 0
        while count == 0 or time.process_time() - start < asked["seconds"]:
            run()
            count += 1
        print(json.dumps({"count": count, "cpu": time.process_time() - start}), flush=True)
    except Exception as error:
        print(json.dumps({"missing": repr(error)[:200]}), flush=True)
