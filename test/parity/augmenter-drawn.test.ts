/** Random moves, given the numbers that imgaug drew: with these, there is no chance left in them. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { movedByShift, shiftedField } from "../../src/kernel-lib/augmenters/geometric-elastic.js";
import { sampledByField } from "../../src/kernel-lib/augmenters/geometric-field.js";
import { puzzled, withMaps, type Puzzle } from "../../src/kernel-lib/augmenters/geometric-jigsaw.js";
import { throughCorners, type Jitter } from "../../src/kernel-lib/augmenters/geometric-perspective.js";
import { byMesh, type Grid } from "../../src/kernel-lib/augmenters/geometric-piecewise.js";
import { CenterPadToMultiplesOf, type Subject } from "../../src/kernel-lib/augmenters/index.js";
import { resizedMap } from "../../src/kernel-lib/augmenters/value-map.js";
import { picture } from "../unit/augmenters/picture.js";
import { formulaMaps, mapDifferences, type MapCase } from "./augmenter-maps.js";

interface Drawn {
  PerspectiveTransform: Jitter;
  /** `falls` for a grid over the picture, and for one over the coarser map. */
  PiecewiseAffine: Omit<Grid, "falls"> & { falls: readonly boolean[][] };
  /** 32-bit floats. */
  ElasticTransformation: { x: string; y: string };
  Jigsaw: Puzzle;
}
interface Options {
  keepSize?: boolean;
  fitOutput?: boolean;
  order?: 0 | 1 | 3;
}
type Case = {
  [Name in keyof Drawn]: {
    name: Name;
    options: Options;
    drawn: Drawn[Name];
    size: [width: number, height: number];
    image: string;
    keypoints: [x: number, y: number][];
    maps: MapCase[];
  };
}[keyof Drawn];
interface Fixture {
  version: string;
  given: { width: number; height: number; keypoints: [x: number, y: number][] };
  cases: Case[];
}

const path = new URL("../fixtures/augmenters/drawn.json", import.meta.url);
const { version, given, cases } = JSON.parse(readFileSync(path, "utf8")) as Fixture;
const image = picture(given.width, given.height, 3, "slopes");
const border = { mode: "constant", cval: [0, 0, 0] } as const;

function floats(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

/** What the library makes of a subject by what imgaug drew. */
function moved(subject: Subject, { name, options, drawn }: Case): Subject {
  switch (name) {
    case "PerspectiveTransform": {
      const { keepSize = true, fitOutput = false } = options;
      return throughCorners(subject, drawn, { order: 1, ...border }, { keepSize, fitOutput });
    }
    case "PiecewiseAffine": {
      const isCoarse = subject.heatmaps !== undefined && subject.heatmaps[0]?.width !== image.width;
      return byMesh(subject, { ...drawn, falls: drawn.falls[Number(isCoarse)] ?? [] }, 1);
    }
    case "ElasticTransformation": {
      const shift = { x: floats(drawn.x), y: floats(drawn.y) };
      const settings = { order: options.order ?? 3, ...border };
      return movedByShift(subject, sampledByField(image, shiftedField(image, shift), settings), shift, true);
    }
    case "Jigsaw": {
      const padder = CenterPadToMultiplesOf({ widthMultiple: drawn.across, heightMultiple: drawn.down });
      const large = withMaps(subject, (map) => resizedMap(map, image.width, image.height));
      return withMaps(
        puzzled(padder.augment(large), drawn),
        (map, old) => resizedMap(map, old.width, old.height),
        subject,
      );
    }
  }
}

const titled = cases.map((each, i) => [`${each.name} ${JSON.stringify(each.options)}, ${i}`, each] as const);
/** Where imgaug's mesh ends a rounding error before a picture's edge, it leaves black pixels; here are none. */
const isRagged = (each: Case) => each.name === "PiecewiseAffine";

test("the fixture is of the version that the titles name", () => {
  expect(version).toBe("0.4.0");
  expect(new Set(cases.map(({ name }) => name)).size).toBe(4);
});

describe("by imgaug 0.4.0's own draws", () => {
  test.each(titled)("%s: the same picture", (_, each) => {
    const { data, width, height } = moved({ image }, each).image;
    expect([width, height]).toEqual(each.size);
    const expected = Buffer.from(each.image, "base64");
    const different = Array.from(data, (level, i) => (level === expected[i] ? -1 : i)).filter((i) => i >= 0);
    expect(different.filter((i) => !(isRagged(each) && expected[i] === 0))).toEqual([]);
    expect(different.length / data.length).toBeLessThan(0.02);
  });

  test.each(titled)("%s: the same maps, heatmaps within 0.001", (_, each) => {
    for (const map of each.maps) {
      const { heat, classes } = mapDifferences(moved({ image, ...formulaMaps(map.size) }, each), map);
      const most = isRagged(each) ? Math.floor(heat.length * 0.065) : 0;
      expect(heat.filter((difference) => difference > 0.001).length).toBeLessThanOrEqual(most);
      expect(classes).toBeLessThanOrEqual(most);
    }
  });

  test.each(titled)("%s: places", (_, each) => {
    const keypoints = given.keypoints.map(([x, y]) => ({ x, y }));
    const found = moved({ image, keypoints }, each).keypoints ?? [];
    const distances = found.map(({ x, y }, i) => {
      const [a, b] = each.keypoints[i] ?? [NaN, NaN];
      return Math.max(Math.abs(x - a), Math.abs(y - b));
    });
    expect(distances.length).toBe(keypoints.length);
    // imgaug rounds to whole pixels in a mesh, and takes the median of 25 pixels' ways in a field, at edges of those inside.
    const nearEdge = ({ x, y }: { x: number; y: number }) =>
      x < 3 || y < 3 || x > given.width - 4 || y > given.height - 4;
    const allowed = keypoints.map((place) =>
      isRagged(each) ? 1.02 : each.name === "ElasticTransformation" ? (nearEdge(place) ? 2 : 0.6) : 0.01,
    );
    distances.forEach((distance, i) => {
      expect(distance, `keypoint ${i}`).toBeLessThan(allowed[i] ?? 0);
    });
  });
});
