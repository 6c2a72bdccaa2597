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
const relief = () => convolutional.Emboss({ alpha: 1, strength: 2 });
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
  "arithmetic.CoarsePepper": () => arithmetic.CoarsePepper({ p: 0.2, sizePercent: 0.1 }),
  "arithmetic.CoarseSalt": () => arithmetic.CoarseSalt({ p: 0.2, sizePercent: 0.1 }),
  "arithmetic.CoarseSaltAndPepper": () => arithmetic.CoarseSaltAndPepper({ p: 0.2, sizePercent: 0.1 }),
  "arithmetic.ContrastNormalization": () => arithmetic.ContrastNormalization(1.8),
  "arithmetic.ImpulseNoise": () => arithmetic.ImpulseNoise(0.1),
  "arithmetic.JpegCompression": () => arithmetic.JpegCompression(92),
  "arithmetic.Multiply": () => arithmetic.Multiply(1.5),
  "arithmetic.MultiplyElementwise": () => arithmetic.MultiplyElementwise({ mul: [0.5, 1.5], perChannel: true }),
  "arithmetic.Pepper": () => arithmetic.Pepper(0.1),
  "arithmetic.ReplaceElementwise": () => arithmetic.ReplaceElementwise(0.2, [0, 255], { perChannel: true }),
  "arithmetic.Salt": () => arithmetic.Salt(0.1),
  "arithmetic.SaltAndPepper": () => arithmetic.SaltAndPepper(0.1),
  "blend.Alpha": () => blend.Alpha({ factor: 0.5, first: relief() }),
  "blend.AlphaElementwise": () => blend.AlphaElementwise({ factor: [0, 1], first: invert() }),
  "blend.BlendAlpha": () => blend.BlendAlpha({ factor: 0.5, foreground: relief() }),
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
  "blur.AverageBlur": () => blur.AverageBlur(7),
  "blur.BilateralBlur": () => blur.BilateralBlur({ d: 9, sigmaColor: 120, sigmaSpace: 120 }),
  "blur.GaussianBlur": () => blur.GaussianBlur(2.5),
  "blur.MotionBlur": () => blur.MotionBlur({ k: 15, angle: 45 }),
  "blur.MeanShiftBlur": () => blur.MeanShiftBlur({ spatialRadius: 8, colorRadius: 30 }),
  "blur.MedianBlur": () => blur.MedianBlur(7),
  "color.AddToBrightness": () => color.AddToBrightness(60),
  "color.AddToSaturation": () => color.AddToSaturation(100),
  "color.ChangeColorTemperature": () => color.ChangeColorTemperature(4000),
  "color.ChangeColorspace": () => color.ChangeColorspace({ toColorspace: "HSV" }),
  "color.InColorspace": () => color.InColorspace({ toColorspace: "HSV", children: hueShift() }),
  "color.KMeansColorQuantization": () => color.KMeansColorQuantization(6),
  "color.MultiplyAndAddToBrightness": () => color.MultiplyAndAddToBrightness({ mul: 0.6, add: -20 }),
  "color.MultiplyBrightness": () => color.MultiplyBrightness(1.6),
  "color.MultiplySaturation": () => color.MultiplySaturation(2.5),
  "color.WithBrightnessChannels": () => color.WithBrightnessChannels({ children: arithmetic.Add(50) }),
  "color.WithColorspace": () => color.WithColorspace({ toColorspace: "HSV", children: hueShift() }),
  "color.WithHueAndSaturation": () => color.WithHueAndSaturation({ children: hueShift() }),
  "contrast.GammaContrast": () => contrast.GammaContrast(0.5),
  "contrast.LinearContrast": () => contrast.LinearContrast(1.8),
  "contrast.LogContrast": () => contrast.LogContrast(1.5),
  "contrast.SigmoidContrast": () => contrast.SigmoidContrast({ gain: 10, cutoff: 0.5 }),
  "convolutional.Convolve": () =>
    convolutional.Convolve([
      [-1, -1, 0],
      [-1, 1, 1],
      [0, 1, 1],
    ]),
  "convolutional.DirectedEdgeDetect": () => convolutional.DirectedEdgeDetect({ alpha: 0.8 }),
  "convolutional.EdgeDetect": () => convolutional.EdgeDetect(0.8),
  "convolutional.Emboss": relief,
  "convolutional.Sharpen": () => convolutional.Sharpen({ alpha: 0.6, lightness: 1 }),
  "edges.Canny": () => edges.Canny(1),
  "geometric.AffineCv2": () => geometric.AffineCv2({ rotate: 20, scale: 0.8 }),
  "geometric.ElasticTransformation": () => geometric.ElasticTransformation({ alpha: 60, sigma: 5 }),
  "geometric.PerspectiveTransform": () => geometric.PerspectiveTransform(0.15),
  "geometric.PiecewiseAffine": () => geometric.PiecewiseAffine(0.06),
  "geometric.ScaleX": () => geometric.ScaleX(0.6),
  "geometric.ScaleY": () => geometric.ScaleY(0.6),
  "geometric.ShearX": () => geometric.ShearX(25),
  "geometric.ShearY": () => geometric.ShearY(25),
  "geometric.TranslateX": () => geometric.TranslateX({ percent: 0.2 }),
  "geometric.TranslateY": () => geometric.TranslateY({ percent: 0.2 }),
  "geometric.WithPolarWarping": () => geometric.WithPolarWarping(size.CropAndPad({ percent: [-0.1, 0.1] })),
  "meta.AssertShape": () => meta.AssertShape([null, null, null, null]),
  "meta.OneOf": () => meta.OneOf([invert(), relief()]),
  "meta.RemoveCBAsByOutOfImageFraction": () => meta.RemoveCBAsByOutOfImageFraction(0.5),
  "meta.Sequential": () => meta.Sequential([flip.Fliplr(1), geometric.Rotate(15)]),
  "meta.SomeOf": () => meta.SomeOf(2, [invert(), flip.Flipud(1), geometric.Rotate(20)]),
  "meta.Sometimes": () => meta.Sometimes(0.5, invert(), relief()),
  "meta.WithChannels": () => meta.WithChannels(0, arithmetic.Add(100)),
  "pillike.Affine": () => pillike.Affine({ rotate: 20, scale: 0.8 }),
  "pillike.EnhanceBrightness": () => pillike.EnhanceBrightness(1.6),
  "pillike.EnhanceColor": () => pillike.EnhanceColor(2.5),
  "pillike.EnhanceContrast": () => pillike.EnhanceContrast(1.8),
  "pillike.EnhanceSharpness": () => pillike.EnhanceSharpness(4),
  "pillike.Posterize": () => pillike.Posterize(2),
  "pillike.Solarize": () => pillike.Solarize({ p: 1, threshold: 128 }),
  "pooling.AveragePooling": () => pooling.AveragePooling(5),
  "pooling.MaxPooling": () => pooling.MaxPooling(5),
  "pooling.MedianPooling": () => pooling.MedianPooling(5),
  "pooling.MinPooling": () => pooling.MinPooling(5),
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
  "weather.FastSnowyLandscape": () => weather.FastSnowyLandscape({ lightnessThreshold: 150, lightnessMultiplier: 1.6 }),
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

/** Corruptions have severities of 1 to 5, which cost differently, too. */
const SEVERITY = 3;

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
        augmenter:
          OWN[`${module}.${name}`]?.() ??
          (module === "imgcorruptlike"
            ? (make as (severity: number) => Augmenter)(SEVERITY)
            : (make as () => Augmenter)()),
      })),
  );
}
