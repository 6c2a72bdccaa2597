"""imgaug's side of augmentation-all.mjs: for each line { "module", "name", "seconds" } that comes in, one augmenter works on a picture for
about so long, and { "count", "cpu" } goes out: pictures, and seconds of CPU time. { "module", "name", "first" } asks for so many pictures in a
new process, a fork of this one that has done nothing yet. { "missing": why } where imgaug has none.

Run: python augmentation-all-peer.py SIDE PICTURE, with imgaug 0.4 and a Python and NumPy that it works with.
"""

import json
import os
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
relief = lambda: iaa.Emboss(alpha=1, strength=2)
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
    "arithmetic.CoarsePepper": lambda: iaa.CoarsePepper(0.2, size_percent=0.1),
    "arithmetic.CoarseSalt": lambda: iaa.CoarseSalt(0.2, size_percent=0.1),
    "arithmetic.CoarseSaltAndPepper": lambda: iaa.CoarseSaltAndPepper(0.2, size_percent=0.1),
    "arithmetic.ContrastNormalization": lambda: iaa.ContrastNormalization(1.8),
    "arithmetic.ImpulseNoise": lambda: iaa.ImpulseNoise(0.1),
    "arithmetic.JpegCompression": lambda: iaa.JpegCompression(92),
    "arithmetic.Multiply": lambda: iaa.Multiply(1.5),
    "arithmetic.MultiplyElementwise": lambda: iaa.MultiplyElementwise((0.5, 1.5), per_channel=True),
    "arithmetic.Pepper": lambda: iaa.Pepper(0.1),
    "arithmetic.ReplaceElementwise": lambda: iaa.ReplaceElementwise(0.2, (0, 255), per_channel=True),
    "arithmetic.Salt": lambda: iaa.Salt(0.1),
    "arithmetic.SaltAndPepper": lambda: iaa.SaltAndPepper(0.1),
    "blend.Alpha": lambda: iaa.Alpha(0.5, relief()),
    "blend.AlphaElementwise": lambda: iaa.AlphaElementwise((0, 1.0), invert()),
    "blend.BlendAlpha": lambda: iaa.BlendAlpha(0.5, relief()),
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
    "blur.AverageBlur": lambda: iaa.AverageBlur(7),
    "blur.BilateralBlur": lambda: iaa.BilateralBlur(d=9, sigma_color=120, sigma_space=120),
    "blur.GaussianBlur": lambda: iaa.GaussianBlur(2.5),
    "blur.MotionBlur": lambda: iaa.MotionBlur(15, angle=45),
    "blur.MeanShiftBlur": lambda: iaa.MeanShiftBlur(8, 30),
    "blur.MedianBlur": lambda: iaa.MedianBlur(7),
    "color.AddToBrightness": lambda: iaa.AddToBrightness(60),
    "color.AddToSaturation": lambda: iaa.AddToSaturation(100),
    "color.ChangeColorTemperature": lambda: iaa.ChangeColorTemperature(4000),
    "color.ChangeColorspace": lambda: iaa.ChangeColorspace("HSV"),
    "color.InColorspace": lambda: iaa.InColorspace("HSV", children=hue()),
    "color.KMeansColorQuantization": lambda: iaa.KMeansColorQuantization(6),
    "color.MultiplyAndAddToBrightness": lambda: iaa.MultiplyAndAddToBrightness(mul=0.6, add=-20),
    "color.MultiplyBrightness": lambda: iaa.MultiplyBrightness(1.6),
    "color.MultiplySaturation": lambda: iaa.MultiplySaturation(2.5),
    "color.WithBrightnessChannels": lambda: iaa.WithBrightnessChannels(iaa.Add(50)),
    "color.WithColorspace": lambda: iaa.WithColorspace("HSV", children=hue()),
    "color.WithHueAndSaturation": lambda: iaa.WithHueAndSaturation(hue()),
    "contrast.GammaContrast": lambda: iaa.GammaContrast(0.5),
    "contrast.LinearContrast": lambda: iaa.LinearContrast(1.8),
    "contrast.LogContrast": lambda: iaa.LogContrast(1.5),
    "contrast.SigmoidContrast": lambda: iaa.SigmoidContrast(gain=10, cutoff=0.5),
    "convolutional.DirectedEdgeDetect": lambda: iaa.DirectedEdgeDetect(alpha=0.8),
    "convolutional.EdgeDetect": lambda: iaa.EdgeDetect(0.8),
    "convolutional.Emboss": relief,
    "convolutional.Sharpen": lambda: iaa.Sharpen(alpha=0.6, lightness=1.0),
    "edges.Canny": lambda: iaa.Canny(1.0),
    "convolutional.Convolve": lambda: iaa.Convolve(np.float32([[-1, -1, 0], [-1, 1, 1], [0, 1, 1]])),
    "geometric.AffineCv2": lambda: iaa.AffineCv2(rotate=20, scale=0.8),
    "geometric.ElasticTransformation": lambda: iaa.ElasticTransformation(alpha=60, sigma=5),
    "geometric.PerspectiveTransform": lambda: iaa.PerspectiveTransform(0.15),
    "geometric.PiecewiseAffine": lambda: iaa.PiecewiseAffine(0.06),
    "geometric.ScaleX": lambda: iaa.ScaleX(0.6),
    "geometric.ScaleY": lambda: iaa.ScaleY(0.6),
    "geometric.ShearX": lambda: iaa.ShearX(25),
    "geometric.ShearY": lambda: iaa.ShearY(25),
    "geometric.TranslateX": lambda: iaa.TranslateX(percent=0.2),
    "geometric.TranslateY": lambda: iaa.TranslateY(percent=0.2),
    "geometric.WithPolarWarping": lambda: iaa.WithPolarWarping(iaa.CropAndPad(percent=(-0.1, 0.1))),
    "meta.AssertShape": lambda: iaa.AssertShape((None, None, None, None)),
    "meta.OneOf": lambda: iaa.OneOf([invert(), relief()]),
    "meta.RemoveCBAsByOutOfImageFraction": lambda: iaa.RemoveCBAsByOutOfImageFraction(0.5),
    "meta.Sequential": lambda: iaa.Sequential([iaa.Fliplr(1), iaa.Rotate(15)]),
    "meta.SomeOf": lambda: iaa.SomeOf(2, [invert(), iaa.Flipud(1), iaa.Rotate(20)]),
    "meta.Sometimes": lambda: iaa.Sometimes(0.5, invert(), relief()),
    "meta.WithChannels": lambda: iaa.WithChannels(0, iaa.Add(100)),
    "pillike.Affine": lambda: iaa.pillike.Affine(rotate=20, scale=0.8),
    "pillike.EnhanceBrightness": lambda: iaa.pillike.EnhanceBrightness(1.6),
    "pillike.EnhanceColor": lambda: iaa.pillike.EnhanceColor(2.5),
    "pillike.EnhanceContrast": lambda: iaa.pillike.EnhanceContrast(1.8),
    "pillike.EnhanceSharpness": lambda: iaa.pillike.EnhanceSharpness(4.0),
    "pillike.Posterize": lambda: iaa.pillike.Posterize(2),
    "pillike.Solarize": lambda: iaa.pillike.Solarize(p=1.0, threshold=128),
    "pooling.AveragePooling": lambda: iaa.AveragePooling(5),
    "pooling.MaxPooling": lambda: iaa.MaxPooling(5),
    "pooling.MedianPooling": lambda: iaa.MedianPooling(5),
    "pooling.MinPooling": lambda: iaa.MinPooling(5),
    "segmentation.Voronoi": lambda: iaa.Voronoi(Points()),
    "size.KeepSizeByResize": lambda: iaa.KeepSizeByResize(iaa.Crop(percent=0.2, keep_size=False)),
    "size.Resize": lambda: iaa.Resize({"width": 120, "height": 60}),
    "size.Scale": lambda: iaa.Scale(0.5),
    "weather.CloudLayer": lambda: iaa.CloudLayer(
        intensity_mean=220, intensity_freq_exponent=-2, intensity_coarse_scale=5, alpha_min=0, alpha_multiplier=0.9,
        alpha_size_px_max=8, alpha_freq_exponent=-2, sparsity=0.9, density_multiplier=1,
    ),
    "weather.FastSnowyLandscape": lambda: iaa.FastSnowyLandscape(lightness_threshold=150, lightness_multiplier=1.6),
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


def work(run, seconds, first=None):
    """Pictures for about so long, or so many, and the CPU time that they took."""
    start, count = time.process_time(), 0
    while count < first if first else count == 0 or time.process_time() - start < seconds:
        run()
        count += 1
    return {"count": count, "cpu": time.process_time() - start}


def answer(asked):
    key = asked["module"], asked["name"]
    try:
        if "first" in asked:
            return work(action(*key), 0, asked["first"])
        if key not in made:
            made[key] = action(*key)
            made[key]()
        return work(made[key], asked["seconds"])
    except Exception as error:
        return {"missing": repr(error)[:200]}


for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork() if "first" in asked else 0
    if child:
        os.waitpid(child, 0)
        continue
    print(json.dumps(answer(asked)), flush=True)
    if "first" in asked:
        os._exit(0)
