/** What goes over the wire: the documents' JSON, and KServe's tensors. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseDetectionResult } from "../../../src/kernel-lib/engine/parse-detection-result.js";
import { readInferRequest, writeInferResponse } from "../../../src/kernel-lib/serving/wire/inference-protocol.js";
import { decodeBase64 } from "../../../src/kernel-lib/serving/wire/picture-base64.js";
import { NO_PARAMETERS, readParameters } from "../../../src/kernel-lib/serving/wire/score-parameters.js";
import { readScoreRequests } from "../../../src/kernel-lib/serving/wire/score-request.js";
import { serialize, softmax, type Thresholds } from "../../../src/kernel-lib/serving/wire/score-response.js";
import { parseScores } from "../../../src/kernel-lib/structures/serialized-result.js";
import { classified } from "./stand-in-replica.js";

const one = (fields: object) => [{ image_in_base64: "QUJD", ...fields }];

describe("decodeBase64", () => {
  it("gives back any bytes, spelt in every accepted way", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        const lines = text.replaceAll(/(.{20})/g, "$1\r\n");
        for (const spelt of [text, `b'${text}'`, `b"${text}"`, `data:image/png;base64,${text}`, lines]) {
          expect(Buffer.from(decodeBase64("field", spelt)).equals(Buffer.from(bytes))).toBe(true);
        }
      }),
    );
  });
  it.each(["", "b''", "QUJ", "QU=D", "QUJD!", "data:image/png;base64,", "b'QUJD", 5, null, undefined, ["QUJD"]])(
    "refuses %j",
    (value) => expect(() => decodeBase64("image_in_base64", value)).toThrow(/base64 for image_in_base64 but received/),
  );
});

describe("readParameters", () => {
  it.each([
    [{ ADD_SOFTMAX: true }, { addSoftmax: true }],
    [
      { add_softmax: "True", top_k: "3", threshold: "0.5" },
      { addSoftmax: true, topK: 3, threshold: 0.5 },
    ],
    [
      { topK: 1, resize: "224,112" },
      { topK: 1, resize: [224, 112] },
    ],
    [{ resize: [10, 20] }, { resize: [10, 20] }],
    [undefined, {}],
  ])("reads %j", (given, expected) => expect(readParameters(given)).toEqual({ ...NO_PARAMETERS, ...expected }));

  it.each([
    [{ ADD_SOFTMAX: "perhaps" }, /true or false for parameters\.ADD_SOFTMAX but received "perhaps"/],
    [{ resize: [0, 10] }, /height, width/],
    [{ resize: [10] }, /height, width/],
    [{ top_k: 0 }, /at least 1/],
    [{ threshold: "high" }, /a number/],
    [{ softmax: true }, /ADD_SOFTMAX, resize, threshold, top_k for parameters but received "softmax"/],
    [{ constructor: 1 }, /received "constructor"/],
    ["ADD_SOFTMAX", /an object/],
  ])("refuses %j", (given, message) => expect(() => readParameters(given)).toThrow(message));
});

describe("readScoreRequests", () => {
  it.each([
    [{}, /a list of/],
    [[], /at least one picture/],
    ["text", /a list of/],
    [null, /a list of/],
  ])("refuses %j as a body", (body, message) => expect(() => readScoreRequests(body)).toThrow(message));

  it.each([
    [[...one({}), {}], 1],
    [[...one({}), ...one({}), 5], 2],
    [one({ image: 1 }), 0],
    [[...one({}), ...one({ parameters: { topk: -1 } })], 1],
    [[{ image_in_base64: "%%%" }], 0],
  ])("names the picture at fault in %j", (body, index) => {
    expect(() => readScoreRequests(body)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ status: 400, index }) as unknown }) as Error,
    );
  });

  it("gives a hint of a long text, not all of it", () => {
    const body = [{ image_in_base64: "é".repeat(100_000) }];
    expect(() => readScoreRequests(body)).toThrow(/^.{1,200}$/s);
  });
});

describe("serialize", () => {
  const labels = ["cat", "dog", "owl"];
  const scores = classified(1, 3, 2);
  const as = (parameters: object) =>
    JSON.parse(serialize(scores, labels, { ...NO_PARAMETERS, ...parameters })) as unknown;

  it("answers as the documents' services do: a number for each label", () => {
    expect(as({})).toEqual([1, 3, 2]);
  });

  it("gives back every 32-bit float to the bit", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const [read] = JSON.parse(serialize(classified(value), ["a"], NO_PARAMETERS)) as [number];
        expect(Math.fround(read) === value).toBe(true);
      }),
    );
  });

  it("adds a softmax where asked: e, e³, e² by their sum", () => {
    const sum = Math.E + Math.E ** 3 + Math.E ** 2;
    const values = as({ addSoftmax: true }) as number[];
    [Math.E, Math.E ** 3, Math.E ** 2].forEach((power, i) => expect(values[i]).toBeCloseTo(power / sum, 6));
  });

  it("ranks by top-k and threshold", () => {
    expect(as({ topK: 1 })).toEqual([{ label: "dog", index: 1, score: 3 }]);
    expect(as({ threshold: 2 })).toMatchObject([{ label: "dog" }, { label: "owl" }]);
    expect(as({ threshold: 9 })).toEqual([]);
  });

  it("by the service's own threshold answers with probabilities, where no other is asked for", () => {
    const probability = [...softmax(Float32Array.of(1, 3, 2))];
    const by = (own: Thresholds, parameters = {}) =>
      (JSON.parse(serialize(scores, labels, { ...NO_PARAMETERS, ...parameters }, own)) as { label: string }[]).map(
        ({ label }) => label,
      );
    expect(JSON.parse(serialize(scores, labels, NO_PARAMETERS, 0.5))).toEqual([
      { label: "dog", index: 1, score: expect.closeTo(probability[1] ?? NaN, 6) as number },
    ]);
    expect(by(0.2)).toEqual(["dog", "owl"]);
    expect(by({ dog: 0.9, cat: 0.01 })).toEqual(["owl", "cat"]);
    expect(by({ constructor: 1 })).toEqual(["dog", "owl", "cat"]);
    expect(by(0.5, { threshold: 1.5 })).toEqual(["dog", "owl"]);
    expect(by(0.01, { topK: 1 })).toEqual(["dog"]);
    // What was picked on a curve is some picture's score, which must stay found.
    expect(by((probability[1] ?? 0) + 5e-7)).toEqual(["dog"]);
  });

  it("writes a detector's answer by TensorFlow's names", () => {
    const boxes = Float32Array.from([0, 0, 0.5, 1, 0.25, 0.25, 0.75, 0.75]);
    const detections = {
      kind: "detection" as const,
      boxes,
      scores: Float32Array.of(0.75, 0.25),
      classes: Int32Array.of(2, 0),
    };
    expect(JSON.parse(serialize(detections, labels, { ...NO_PARAMETERS, threshold: 0.5 }))).toEqual({
      detection_boxes: [[0, 0, 0.5, 1]],
      detection_scores: [0.75],
      detection_classes: [3],
      detection_labels: ["owl"],
      num_detections: 1,
    });
    expect(JSON.parse(serialize(detections, labels, NO_PARAMETERS))).toMatchObject({ num_detections: 2 });
    const by = (own: Thresholds) => JSON.parse(serialize(detections, labels, NO_PARAMETERS, own)) as object;
    expect(by(0.5)).toMatchObject({ num_detections: 1, detection_classes: [3] });
    expect(by({ owl: 0.8 })).toMatchObject({
      num_detections: 1,
      detection_classes: [1],
      detection_boxes: [[0.25, 0.25, 0.75, 0.75]],
    });
    expect(JSON.parse(serialize(detections, labels, { ...NO_PARAMETERS, topK: 1 }))).toMatchObject({
      num_detections: 1,
    });
  });
});

describe("the softmax", () => {
  it("adds up to 1 and keeps the order, however large the values", () => {
    const values = fc.float32Array({ minLength: 1, maxLength: 20, noNaN: true, min: -1000, max: 1000 });
    fc.assert(
      fc.property(values, (logits) => {
        const powers = softmax(logits);
        expect(powers.reduce((sum, power) => sum + power, 0)).toBeCloseTo(1, 5);
        expect(powers.indexOf(Math.max(...powers))).toBe(
          logits.findIndex((value) => powers[logits.indexOf(value)] === Math.max(...powers)),
        );
      }),
    );
  });
});

describe("the Open Inference Protocol", () => {
  const pictures = [Buffer.from("one"), Buffer.from("second")];
  const shape = [2];
  const json = (inputs: unknown, rest: object = {}) => Buffer.from(JSON.stringify({ inputs, ...rest }));
  const input = { name: "image", datatype: "BYTES", shape, data: pictures.map((bytes) => bytes.toString("base64")) };

  it("reads pictures from JSON", () => {
    const request = readInferRequest(json([input], { id: "7", parameters: { ADD_SOFTMAX: true } }), undefined);
    expect(request.pictures.map(String)).toEqual(["one", "second"]);
    expect(request).toMatchObject({ id: "7", parameters: { addSoftmax: true }, outputs: undefined, binary: false });
  });

  it("takes null for what a client leaves out", () => {
    const request = readInferRequest(json([input], { id: null, parameters: null, outputs: null }), undefined);
    expect(request).toMatchObject({ id: undefined, outputs: undefined });
  });

  it("reads pictures from raw bytes after the JSON, each after its length", () => {
    const raw = Buffer.concat(pictures.map((bytes) => Buffer.concat([Buffer.from([bytes.length, 0, 0, 0]), bytes])));
    const { data: _, ...head } = input;
    const text = json([{ ...head, parameters: { binary_data_size: raw.length } }]);
    const request = readInferRequest(Buffer.concat([text, raw]), text.length);
    expect(request.pictures.map((bytes) => Buffer.from(bytes).toString())).toEqual(["one", "second"]);
    const cut = Buffer.concat([text, raw.subarray(0, -1)]);
    expect(() => readInferRequest(cut, text.length)).toThrow(/binary_data_size/);
  });

  it.each([
    [json(undefined), /one tensor named "image"/],
    [json([input, input]), /one tensor named "image"/],
    [json([{ ...input, name: "pixels" }]), /"image"/],
    [json([{ ...input, datatype: "FP32" }]), /"BYTES"/],
    [json([{ ...input, shape: [3] }]), /\[2\] for inputs\[0\]\.shape/],
    [json([{ ...input, data: ["QUJD", "no base64!"] }]), /base64/],
    [json([input], { outputs: "all" }), /outputs/],
    [Buffer.from("{"), /JSON object/],
    [Buffer.from([0xff, 0xfe]), /JSON object/],
  ])("refuses %s", (body, message) => expect(() => readInferRequest(body, undefined)).toThrow(message));

  it("answers with tensors, in JSON or as raw little-endian floats", () => {
    const scores = [classified(0, Math.log(3)), classified(1, 1)];
    const request = readInferRequest(
      json([input], {
        id: "7",
        outputs: [{ name: "probabilities" }, { name: "logits", parameters: { binary_data: true } }],
      }),
      undefined,
    );
    const { body, jsonLength } = writeInferResponse(request, { name: "cups", version: "2" }, scores);
    const head = JSON.parse(body.subarray(0, jsonLength).toString()) as { outputs: { data?: number[] }[] };
    expect(head).toMatchObject({ model_name: "cups", model_version: "2", id: "7" });
    expect(head.outputs[0]).toMatchObject({ name: "probabilities", datatype: "FP32", shape: [2, 2] });
    head.outputs[0]?.data?.forEach((value, i) => expect(value).toBeCloseTo([0.25, 0.75, 0.5, 0.5][i] ?? NaN, 6));
    expect(head.outputs[1]).toMatchObject({ name: "logits", parameters: { binary_data_size: 16 } });
    const raw = body.subarray(jsonLength);
    expect([0, 4, 8, 12].map((at) => raw.readFloatLE(at))).toEqual([0, Math.fround(Math.log(3)), 1, 1]);
  });

  it("pads a detector's answers to the longest, and refuses a tensor that there isn't", () => {
    const found = (count: number) => ({
      kind: "detection" as const,
      boxes: new Float32Array(count * 4).fill(0.5),
      scores: new Float32Array(count).fill(0.5),
      classes: new Int32Array(count),
    });
    const request = readInferRequest(json([input]), undefined);
    const { body } = writeInferResponse(request, { name: "m", version: "1" }, [found(2), found(0)]);
    const { outputs } = JSON.parse(body.toString()) as { outputs: { name: string; shape: number[]; data: number[] }[] };
    expect(outputs.map(({ name, shape: sides }) => [name, sides])).toEqual([
      ["num_detections", [2]],
      ["detection_boxes", [2, 2, 4]],
      ["detection_scores", [2, 2]],
      ["detection_classes", [2, 2]],
    ]);
    expect(outputs[3]?.data).toEqual([1, 1, 0, 0]);
    const asked = { ...request, outputs: [{ name: "masks", binary: false }] };
    expect(() => writeInferResponse(asked, { name: "m", version: "1" }, [found(1)])).toThrow(/num_detections/);
  });
});

describe("a detector's answer", () => {
  const scores = {
    kind: "detection" as const,
    boxes: Float32Array.of(0.25, 0, 0.5, 1),
    scores: Float32Array.of(0.75),
    classes: Int32Array.of(1),
  };

  it("is read back as the fields of score()", () => {
    const text = serialize(scores, ["cup", "jug"], NO_PARAMETERS);
    expect(parseDetectionResult(text)).toEqual({
      detectionBoxes: [[0.25, 0, 0.5, 1]],
      detectionScores: [0.75],
      detectionClasses: [2],
      numDetections: 1,
      detectionLabels: ["jug"],
    });
  });

  it.each([
    "[1,2]",
    "{}",
    '{"num_detections":1,"detection_boxes":[],"detection_scores":[],"detection_classes":[],"detection_labels":[]}',
    "no JSON",
  ])("is not read from %s", (text) => expect(() => parseDetectionResult(text)).toThrow(/result, .*expected/));
});

describe("a classifier's answer", () => {
  it("is read back as numbers", () => expect(parseScores("[0.5,1]")).toEqual([0.5, 1]));
  it.each(["[]", "{}", '["a"]', "[1,"])("is not read from %s", (text) =>
    expect(() => parseScores(text)).toThrow(/result/),
  );
});
