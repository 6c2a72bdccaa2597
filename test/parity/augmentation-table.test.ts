/**
 * docs/augmentation.md, made of imgaug's own names, of what the library exports, and of what the fixtures measure.
 * `npx vitest run test/parity/augmentation-table.test.ts -u` writes it anew.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { frostLayer } from "../../src/kernel-lib/augmenters/frost-tones.js";
import * as augmenters from "../../src/kernel-lib/augmenters/index.js";
import { SeededRandom } from "../../src/kernel-lib/structures/random.js";
import { changesSomething, differences, isByFourier, pixelFiles } from "./augmenter-cases.js";
import { frostFixture, frostStatistics, type FrostStatistics } from "./augmenter-frost.js";

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/augmenters/${name}.json`, import.meta.url), "utf8"));
const { version, modules, parameters } = read("names") as {
  version: string;
  modules: Record<string, string[]>;
  parameters: string[];
};
const namesIn = (name: string) => new Set((read(name) as { cases: { name: string }[] }).cases.map((each) => each.name));
const places = readdirSync(new URL("../fixtures/augmenters/places/", import.meta.url)).flatMap(
  (name) => (read(`places/${name.slice(0, -5)}`) as { cases: { name: string }[] }).cases,
);
const byPlace = new Set(places.map(({ name }) => name));
const byDraws = namesIn("drawn");
const byGiven = namesIn("given");

/** What the tests of distributions measured; each of them holds its own file. */
const measuredBy = (test: string) => new Map(Object.entries(read(`measured/${test}`) as Record<string, string>));
const [byShares, byLooks] = [measuredBy("chance"), measuredBy("looks")];
const [parameterShares, parameterMeans] = [measuredBy("parameter-shares"), measuredBy("parameter-means")];
const { runs } = (read("looks") as { given: { runs: number } }).given;
const { runs: fieldRuns } = (read("fields") as { given: { runs: number } }).given;

/** The largest difference of any value in any case, and the largest mean difference of a case. */
interface Measured {
  max: number;
  mean: number;
}

/** Of what changes a picture in at least one case: that nothing is made of nothing says little. */
const [byPixel, byFourier] = [new Map<string, Measured>(), new Map<string, Measured>()];
for (const each of pixelFiles.flatMap(({ cases }) => cases).filter(changesSomething)) {
  const all = differences(each);
  const mean = all.reduce((sum, difference) => sum + difference, 0) / all.length;
  const measured = isByFourier(each) ? byFourier : byPixel;
  const { max: most, mean: before } = measured.get(each.name) ?? { max: 0, mean: 0 };
  measured.set(each.name, { max: Math.max(most, ...all), mean: Math.max(before, mean) });
}

/** In imgaug these stand in a namespace of their own beside the flat one, with names that mean something else there. */
const APART = ["imgcorruptlike", "pillike"];

function pixelEvidence({ max, mean }: Measured): string {
  return max === 0 ? "exact" : `within ${max}, ${mean.toFixed(2)} on average`;
}

/** Where imgaug rounds places, or takes others around; as augmenter-drawn.test.ts has it. */
const PLACES: Record<string, string> = { ElasticTransformation: "0.6 pixel, 2 at edges", PiecewiseAffine: "1 pixel" };

function statistics(shares: string | undefined, means: string | undefined): string[] {
  const found = [
    ...(shares === undefined ? [] : [`shares within ${shares}`]),
    ...(means === undefined ? [] : [`means within ${means}`]),
  ];
  return found.length > 0 ? [`statistical: ${found.join(", ")}`] : [];
}

function evidence(name: string): string {
  const [measured, large] = [byPixel.get(name), byFourier.get(name)];
  const found = [
    ...(measured ? [pixelEvidence(measured)] : byGiven.has(name) ? ["exact"] : []),
    ...(large ? [`${pixelEvidence(large)} with 130 weights or more`] : []),
    ...(name === "imgcorruptlike.Frost" ? ["within 1 over the same pane"] : []),
    ...(byDraws.has(name) ? ["exact by imgaug's own draws"] : []),
    ...(byPlace.has(name) || byDraws.has(name) ? [`places within ${PLACES[name] ?? "0.01 pixel"}, maps`] : []),
    ...statistics(byShares.get(name), byLooks.get(name)),
  ];
  return found.join(", ");
}

const all = augmenters as unknown as Record<string, Record<string, unknown> | undefined>;
const rows = Object.entries(modules).flatMap(([module, names]) =>
  names.map((name) => {
    const isApart = APART.includes(module);
    const isThere = isApart ? name in (all[module] ?? {}) : name in augmenters;
    return [module, name, isThere ? evidence(isApart ? `${module}.${name}` : name) : "not there yet"];
  }),
);
const parameterRows = parameters.map((name) => {
  if (!(name in augmenters.parameters)) return [name, "not there yet"];
  if (name.startsWith("Deterministic")) return [name, "exact"];
  return [name, statistics(parameterShares.get(name), parameterMeans.get(name)).join("")];
});

/** Of imagecorruptions' photographs, and of many parts of the pane. */
function frostNumbers(statistics: readonly FrostStatistics[]): string {
  const extent = (values: readonly number[]) =>
    `${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))}`;
  const means = statistics.map(({ mean }) => mean.reduce((a, b) => a + b, 0) / mean.length);
  return `means of ${extent(means)}, deviations of ${extent(statistics.map(({ deviation }) => deviation))}`;
}

const parts = Array.from({ length: 60 }, (_, seed) => frostStatistics(frostLayer(64, 48, new SeededRandom(seed))));

/** As prettier writes it. */
function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[], fill = " ") =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0, fill)).join(" | ")} |`;
  return [
    line(head),
    line(
      head.map(() => ""),
      "-",
    ),
    ...body.map((row) => line(row)),
  ].join("\n");
}

const sheets = [...new Set(augmenters.examples().map(({ module }) => module))]
  .map(
    (module) => `### ${module}\n\n![What each augmenter of ${module} makes of one picture](augmentation/${module}.jpg)`,
  )
  .join("\n\n");

test(`docs/augmentation.md says of each name of imgaug ${version} whether it is there, and how it is held against imgaug`, async () => {
  const there = rows.filter(([, , how]) => how !== "not there yet").length;
  const page = `# Augmentation

<!-- Written by test/parity/augmentation-table.test.ts; do not edit. -->

\`augmenters\` has imgaug's names, with its parameters in camelCase and its defaults: ${there} of the ${rows.length} augmenters of
imgaug ${version} here. A number stands for itself, \`[low, high]\` is drawn from evenly, a longer list is a choice, and
\`augmenters.parameters\` draws in other ways; a choice of two is written \`Choice([a, b])\`.

\`\`\`ts
const pipeline = augmenters.Sequential(
  [augmenters.Fliplr(0.5), augmenters.Sometimes(0.3, augmenters.Rotate([-10, 10])), augmenters.Add([-20, 20])],
  { seed: 1 },
);
const { image, boxes, keypoints } = pipeline.augment({ image: picture, boxes: [{ x1: 3, y1: 4, x2: 20, y2: 30 }] });
\`\`\`

Boxes, keypoints, polygons, line strings, heatmaps and segmentation maps move where imgaug moves them. They may end up outside
the picture: \`clipOutOfImage\` (or the augmenter \`ClipCBAsToImagePlanes\`) cuts them at its edges, and \`removeOutOfImage\` (or
\`RemoveCBAsByOutOfImageFraction\`) drops what lies outside too far. A box that turned becomes the upright rectangle around its
corners. Alpha moves with the picture, but arithmetic, contrast and convolutions leave it alone, where imgaug takes it for a
colour. A point in \`ElasticTransformation\` moves with its own pixel, where imgaug takes the median of 25 pixels around, up to two pixels
away at an edge; in \`PiecewiseAffine\` it is not rounded to a whole pixel, and no edge turns black by a rounding error. Boxes and
outlines go through \`Jigsaw\` by their corners, where imgaug refuses them. \`backend\` and \`polygonRecoverer\` are not there: OpenCV's
rules are always taken, and polygons stay as their points moved. \`Dropout(parameter)\` takes the parameter for the probability of dropping; in imgaug it is the mask of what stays.
\`toDeterministic()\` draws once, for all that it gets; imgaug's draws for each place in a batch. Options that imgaug gives \`ALL\` take \`"ALL"\`.
Windows and tiles with a size for each axis are \`{ height, width }\`, or a pair like \`[[3, 5], [1, 2]]\` as in imgaug: \`[3, 5]\` is a range. For matrices of
130 weights and more, OpenCV goes through Fourier, by which what lies between two levels becomes the one or the other; ours are sums.

- **exact**: with fixed parameters the same bytes as imgaug ${version} with OpenCV 4.2.0 (or Pillow 7.2.0).
- **within n, m on average**: the largest difference of any value from imgaug's, of 255 levels, and the mean difference of the worst
  picture.
- **exact by imgaug's own draws**: a random move, given the numbers that imgaug drew, makes the same bytes and the same maps.
- **places within 0.01 pixel, maps**: boxes, keypoints, polygons and line strings; segmentation maps the same, heatmaps within 0.01.
- **statistical**: the same distribution over many draws. \`shares\` is the largest difference of the share of values up to any level; \`means\`
  the largest difference of what describes ${runs} pictures on average (channels, spread, change, steepness; of a parameter, ${fieldRuns} fields of its values),
  beside what chance alone makes of two such numbers. The tests also hold their spread and their deciles (Kolmogorov and Smirnov's two-sample distance).

The children of \`WithHueAndSaturation\` see hue and saturation in 16 bits, as imgaug's do: what adds, multiplies, replaces or drops (and \`LinearContrast\`,
about 0) may leave 0 to 255, and a hue goes round. Others of its children work on 8 bits: on hues within a turn, and saturations from 0 to 255;
where imgaug takes 16 bits for all it can be (\`Invert\`, \`GammaContrast\` …), ours stay what they are on pictures.

\`imgcorruptlike.Frost\` lays ice over pictures as imagecorruptions does, but not the same ice: its photographs are nobody's here to give away.
Ours is one pane of smooth noise in folds, of which each picture shows another part, as light, as rich in contrast and of the same colours as one of
the five photographs (theirs: ${frostNumbers(frostFixture.textures)} of 255; ours: ${frostNumbers(parts)}).

Many pictures go to threads of their own, and what comes of each does not depend on how many there are:

\`\`\`ts
const copies = await pipeline.augmentBatch(subjects, { seed: 1, signal });
const { image } = pipeline.augment(subject, { into: memory }); // one after another, without new memory for each
\`\`\`

\`augmentDataset\`, \`train(…, { augment })\` and detectors' trainings use them. A pipeline with a function of yours in it (\`Lambda\`,
a mask generator) works in the calling thread. \`npm run bench -- --only augmentation\` measures beside torchvision, albumentations and imgaug,
and \`--only augmentation-all\` every augmenter beside imgaug's own.

What each makes of one picture is below, module by module, and in \`notebooks/augmenters.ipynb\`. Where two modules have the same name, the
module is part of it: \`augmenters.weather.Fog\`, \`augmenters.imgcorruptlike.Fog\`; the flat namespace holds what imgaug's flat one holds.

\`showAugmented(dataset, pipeline, { rows, columns })\` shows originals beside copies with their boxes, \`augmentDataset\` writes copies. In both, a
box that crosses the edge is cut there and marked as truncated; one of which less than a quarter is left is dropped.

## Augmenters

${table(["Module", "Name", "Held against imgaug"], rows)}

## Pictures

Written by \`scripts/augmentation-pictures.mjs\` from \`augmenters.examples()\`, of one picture of the sample. Where boxes move, they are drawn.

${sheets}

## Stochastic parameters

${table(["Name", "Held against imgaug"], parameterRows)}
`;
  await expect(page).toMatchFileSnapshot("../../docs/augmentation.md");
});

test("of each name it is measured how far it is from imgaug", () => {
  expect([...rows, ...parameterRows].filter(([, , how]) => how === "").map(([, name]) => name)).toEqual([]);
  expect(parameterRows.filter(([, how]) => how === "").map(([name]) => name)).toEqual([]);
});

test("every augmenter of the library is in imgaug", () => {
  const known = new Set(Object.values(modules).flat());
  const made = Object.keys(augmenters).filter((name) => /^[A-Z]/.test(name) && name !== "Augmenter");
  expect(made.filter((name) => !known.has(name))).toEqual([]);
  expect(made.length).toBeGreaterThan(50);
});
