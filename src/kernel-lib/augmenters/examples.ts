/**
 * One example of every augmenter, for galleries: with its defaults where these show anything, else with settings that do.
 *
 * ```ts
 * for (const { module, name, augmenter } of augmenters.examples()) console.log(module, name, augmenter.augmentImage(picture));
 * ```
 */
import type { Augmenter } from "./augmenter.js";
import * as imgcorruptlike from "./imgcorruptlike.js";
import * as pillike from "./pillike.js";
import * as arithmetic from "./modules/arithmetic.js";
import * as artistic from "./modules/artistic.js";
import * as blend from "./modules/blend.js";
import * as blur from "./modules/blur.js";
import * as collections from "./modules/collections.js";
import * as color from "./modules/color.js";
import * as contrast from "./modules/contrast.js";
import * as convolutional from "./modules/convolutional.js";
import * as edges from "./modules/edges.js";
import * as flip from "./modules/flip.js";
import * as geometric from "./modules/geometric.js";
import * as meta from "./modules/meta.js";
import * as pooling from "./modules/pooling.js";
import * as segmentation from "./modules/segmentation.js";
import * as size from "./modules/size.js";
import * as weather from "./modules/weather.js";

export interface AugmenterExample {
  /** imgaug's module. */
  module: string;
  name: string;
  augmenter: Augmenter;
}

const MODULES = {
  arithmetic,
  artistic,
  blend,
  blur,
  collections,
  color,
  contrast,
  convolutional,
  edges,
  flip,
  geometric,
  imgcorruptlike,
  meta,
  pillike,
  pooling,
  segmentation,
  size,
  weather,
};

const invert = () => arithmetic.Invert(1);
const edge = () => convolutional.EdgeDetect(1);
const grid = { nbRows: 4, nbCols: 4 };
const branches = { foreground: arithmetic.Invert(1) };

/** Where defaults would show nothing, or parameters have none. */
const OWN: Record<string, (() => Augmenter) | undefined> = {
  "arithmetic.Add": () => arithmetic.Add({ value: 60, perChannel: false }),
  "arithmetic.AddElementwise": () => arithmetic.AddElementwise({ value: [-60, 60], perChannel: true }),
  "arithmetic.AdditiveGaussianNoise": () => arithmetic.AdditiveGaussianNoise({ scale: 30, perChannel: true }),
  "arithmetic.AdditiveLaplaceNoise": () => arithmetic.AdditiveLaplaceNoise({ scale: 25, perChannel: true }),
  "arithmetic.AdditivePoissonNoise": () => arithmetic.AdditivePoissonNoise({ lam: 40, perChannel: true }),
  "arithmetic.Dropout": () => arithmetic.Dropout(0.2),
  "arithmetic.Dropout2d": () => arithmetic.Dropout2d(0.6),
  "arithmetic.CoarseDropout": () => arithmetic.CoarseDropout({ p: 0.2, sizePx: 12 }),
  "arithmetic.ImpulseNoise": () => arithmetic.ImpulseNoise(0.1),
  "arithmetic.JpegCompression": () => arithmetic.JpegCompression(92),
  "arithmetic.Multiply": () => arithmetic.Multiply(1.5),
  "arithmetic.MultiplyElementwise": () => arithmetic.MultiplyElementwise({ mul: [0.5, 1.5], perChannel: true }),
  "arithmetic.Pepper": () => arithmetic.Pepper(0.1),
  "arithmetic.ReplaceElementwise": () => arithmetic.ReplaceElementwise(0.2, [0, 255], { perChannel: true }),
  "arithmetic.Salt": () => arithmetic.Salt(0.1),
  "arithmetic.SaltAndPepper": () => arithmetic.SaltAndPepper(0.1),
  "blend.Alpha": () => blend.Alpha({ factor: 0.5, first: edge() }),
  "blend.AlphaElementwise": () => blend.AlphaElementwise({ factor: [0, 1], first: invert() }),
  "blend.BlendAlpha": () => blend.BlendAlpha({ factor: 0.5, foreground: edge() }),
  "blend.BlendAlphaBoundingBoxes": () => blend.BlendAlphaBoundingBoxes({ labels: null, ...branches }),
  "blend.BlendAlphaCheckerboard": () => blend.BlendAlphaCheckerboard({ ...grid, ...branches }),
  "blend.BlendAlphaElementwise": () => blend.BlendAlphaElementwise({ factor: [0, 1], ...branches }),
  "blend.BlendAlphaFrequencyNoise": () => blend.BlendAlphaFrequencyNoise({ exponent: -2, ...branches }),
  "blend.BlendAlphaHorizontalLinearGradient": () => blend.BlendAlphaHorizontalLinearGradient(branches),
  "blend.BlendAlphaMask": () =>
    blend.BlendAlphaMask({
      maskGenerator: ({ image: { width, height } }) =>
        Float32Array.from({ length: width * height }, (_, i) =>
          Number(Math.hypot((i % width) / width - 0.5, Math.floor(i / width) / height - 0.5) < 0.35),
        ),
      ...branches,
    }),
  "blend.BlendAlphaRegularGrid": () => blend.BlendAlphaRegularGrid({ ...grid, ...branches }),
  "blend.BlendAlphaSegMapClassIds": () => blend.BlendAlphaSegMapClassIds({ classIds: 1, ...branches }),
  "blend.BlendAlphaSimplexNoise": () => blend.BlendAlphaSimplexNoise(branches),
  "blend.BlendAlphaSomeColors": () => blend.BlendAlphaSomeColors({ foreground: color.Grayscale(1) }),
  "blend.BlendAlphaVerticalLinearGradient": () => blend.BlendAlphaVerticalLinearGradient(branches),
  "blend.FrequencyNoiseAlpha": () => blend.FrequencyNoiseAlpha({ exponent: -2, first: invert() }),
  "blend.SimplexNoiseAlpha": () => blend.SimplexNoiseAlpha({ first: invert() }),
  "blur.GaussianBlur": () => blur.GaussianBlur(2.5),
  "blur.MotionBlur": () => blur.MotionBlur({ k: 15, angle: 45 }),
  "blur.MeanShiftBlur": () => blur.MeanShiftBlur({ spatialRadius: 8, colorRadius: 30 }),
  "color.ChangeColorspace": () => color.ChangeColorspace({ toColorspace: "HSV" }),
  "color.InColorspace": () => color.InColorspace({ toColorspace: "HSV", children: hueShift() }),
  "color.WithBrightnessChannels": () => color.WithBrightnessChannels({ children: arithmetic.Add(50) }),
  "color.WithColorspace": () => color.WithColorspace({ toColorspace: "HSV", children: hueShift() }),
  "color.WithHueAndSaturation": () => color.WithHueAndSaturation({ children: hueShift() }),
  "convolutional.Convolve": () =>
    convolutional.Convolve([
      [-1, -1, 0],
      [-1, 1, 1],
      [0, 1, 1],
    ]),
  "geometric.AffineCv2": () => geometric.AffineCv2({ rotate: 20, scale: 0.8 }),
  "geometric.ElasticTransformation": () => geometric.ElasticTransformation({ alpha: 60, sigma: 5 }),
  "geometric.PerspectiveTransform": () => geometric.PerspectiveTransform(0.15),
  "geometric.PiecewiseAffine": () => geometric.PiecewiseAffine(0.06),
  "geometric.WithPolarWarping": () => geometric.WithPolarWarping(size.CropAndPad({ percent: [-0.1, 0.1] })),
  "meta.AssertShape": () => meta.AssertShape([null, null, null, null]),
  "meta.OneOf": () => meta.OneOf([invert(), edge()]),
  "meta.RemoveCBAsByOutOfImageFraction": () => meta.RemoveCBAsByOutOfImageFraction(0.5),
  "meta.Sequential": () => meta.Sequential([flip.Fliplr(1), geometric.Rotate(15)]),
  "meta.SomeOf": () => meta.SomeOf(2, [invert(), flip.Flipud(1), geometric.Rotate(20)]),
  "meta.Sometimes": () => meta.Sometimes(0.5, invert(), edge()),
  "meta.WithChannels": () => meta.WithChannels(0, arithmetic.Add(100)),
  "segmentation.Voronoi": () =>
    segmentation.Voronoi({
      pointsSampler: ({ width, height }, random) =>
        Array.from({ length: 200 }, () => [random.next() * width, random.next() * height] as const),
    }),
  "size.CenterCropToAspectRatio": () => size.CenterCropToAspectRatio({ aspectRatio: 2 }),
  "size.CenterCropToFixedSize": () => size.CenterCropToFixedSize({ width: 80, height: 60 }),
  "size.CenterCropToMultiplesOf": () => size.CenterCropToMultiplesOf({ widthMultiple: 50, heightMultiple: 50 }),
  "size.CenterCropToPowersOf": () => size.CenterCropToPowersOf({ widthBase: 2, heightBase: 2 }),
  "size.CenterPadToAspectRatio": () => size.CenterPadToAspectRatio({ aspectRatio: 2 }),
  "size.CenterPadToFixedSize": () => size.CenterPadToFixedSize({ width: 160, height: 160 }),
  "size.CenterPadToMultiplesOf": () => size.CenterPadToMultiplesOf({ widthMultiple: 50, heightMultiple: 50 }),
  "size.CenterPadToPowersOf": () => size.CenterPadToPowersOf({ widthBase: 2, heightBase: 2 }),
  "size.CropToAspectRatio": () => size.CropToAspectRatio({ aspectRatio: 2 }),
  "size.CropToFixedSize": () => size.CropToFixedSize({ width: 80, height: 60 }),
  "size.CropToMultiplesOf": () => size.CropToMultiplesOf({ widthMultiple: 50, heightMultiple: 50 }),
  "size.CropToPowersOf": () => size.CropToPowersOf({ widthBase: 2, heightBase: 2 }),
  "size.KeepSizeByResize": () => size.KeepSizeByResize(size.Crop({ percent: 0.2, keepSize: false })),
  "size.PadToAspectRatio": () => size.PadToAspectRatio({ aspectRatio: 2 }),
  "size.PadToFixedSize": () => size.PadToFixedSize({ width: 160, height: 160 }),
  "size.PadToMultiplesOf": () => size.PadToMultiplesOf({ widthMultiple: 50, heightMultiple: 50 }),
  "size.PadToPowersOf": () => size.PadToPowersOf({ widthBase: 2, heightBase: 2 }),
  "size.Resize": () => size.Resize({ width: 120, height: 60 }),
  "size.Scale": () => size.Scale(0.5),
  "weather.CloudLayer": () =>
    weather.CloudLayer({
      intensityMean: 220,
      intensityFreqExponent: -2,
      intensityCoarseScale: 5,
      alphaMin: 0,
      alphaMultiplier: 0.9,
      alphaSizePxMax: 8,
      alphaFreqExponent: -2,
      sparsity: 0.9,
      densityMultiplier: 1,
    }),
  "weather.RainLayer": () =>
    weather.RainLayer({
      density: 0.08,
      densityUniformity: 0.9,
      dropSize: 0.015,
      dropSizeUniformity: 0.3,
      angle: 10,
      speed: 0.1,
      blurSigmaFraction: 0.001,
    }),
  "weather.SnowflakesLayer": () =>
    weather.SnowflakesLayer({
      density: 0.05,
      densityUniformity: 0.6,
      flakeSize: 0.5,
      flakeSizeUniformity: 0.6,
      angle: 20,
      speed: 0.01,
      blurSigmaFraction: 0.0005,
    }),
};

function hueShift(): Augmenter {
  return meta.WithChannels(0, arithmetic.Add(60));
}

/** Every augmenter of imgaug, but for the one that writes files. */
export function examples(): AugmenterExample[] {
  return Object.entries(MODULES).flatMap(([module, members]) =>
    Object.entries(members)
      .filter(([name]) => /^[A-Z]/.test(name))
      .map(([name, make]) => ({
        module,
        name,
        augmenter: (OWN[`${module}.${name}`] ?? (make as () => Augmenter))(),
      })),
  );
}
