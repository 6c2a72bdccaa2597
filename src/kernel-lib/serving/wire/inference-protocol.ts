/**
 * KServe's Open Inference Protocol, version 2: requests and answers as tensors, in JSON or, by its binary extension, as raw bytes
 * after it.
 *
 * In: `image`, BYTES [N], encoded pictures (in JSON as base64). Out, for a classifier of K labels: `logits` and
 * `probabilities`, FP32 [N, K]; for a detector: `num_detections` INT32 [N], `detection_boxes` FP32 [N, M, 4],
 * `detection_scores` FP32 [N, M], `detection_classes` INT32 [N, M], padded with 0 to the longest.
 */
import type { Scores, ServedModelMetadata } from "../models/served-model.js";
import { decodeBase64 } from "./picture-base64.js";
import { invalid, readParameters, type ScoreParameters } from "./score-parameters.js";
import { ServiceError } from "../supervisor/service-error.js";
import { softmax } from "./score-response.js";

export interface InferRequest {
  id: string | undefined;
  pictures: Uint8Array[];
  parameters: ScoreParameters;
  /** Which tensors are wanted, and which of them as raw bytes; undefined: all. */
  outputs: { name: string; binary: boolean }[] | undefined;
  /** For outputs that don't say. */
  binary: boolean;
}

interface Tensor {
  name: string;
  datatype: "FP32" | "INT32";
  shape: number[];
  data: Float32Array | Int32Array;
}

interface JsonTensor {
  name?: unknown;
  datatype?: unknown;
  shape?: unknown;
  data?: unknown;
  parameters?: { binary_data_size?: unknown; binary_data?: unknown };
}

/** @param jsonLength of the JSON at the body's head, where raw bytes follow it. @throws ServiceError 400 */
export function readInferRequest(body: Uint8Array, jsonLength: number | undefined): InferRequest {
  const length = jsonLength ?? body.length;
  if (length > body.length) throw invalid("Inference-Header-Content-Length", `at most ${body.length}`, length);
  const json = parse(body.subarray(0, length));
  const parameters = (json["parameters"] ?? {}) as Record<string, unknown>;
  const { binary_data_output: binary, ...rest } = parameters;
  return {
    id: typeof json["id"] === "string" ? json["id"] : undefined,
    pictures: readPictures(json["inputs"], body.subarray(length)),
    parameters: readParameters(rest),
    outputs: readOutputs(json["outputs"], binary === true),
    binary: binary === true,
  };
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new ServiceError("Expected a JSON object for the body", { status: 400, code: "InvalidRequest" });
}

function readPictures(inputs: unknown, raw: Uint8Array): Uint8Array[] {
  const [input, ...others] = Array.isArray(inputs) ? (inputs as JsonTensor[]) : [];
  if (!input || others.length > 0 || input.name !== "image")
    throw invalid("inputs", 'one tensor named "image"', inputs);
  if (input.datatype !== "BYTES") throw invalid("inputs[0].datatype", '"BYTES"', input.datatype);
  const shape = input.shape;
  const count =
    Array.isArray(shape) && (shape.length === 1 || (shape.length === 2 && shape[1] === 1)) ? Number(shape[0]) : NaN;
  if (!Number.isInteger(count) || count < 1) throw invalid("inputs[0].shape", "[N] with N of at least 1", shape);
  const size = input.parameters?.binary_data_size;
  const pictures = size === undefined ? readJsonBytes(input.data) : readRawBytes(raw, size);
  if (pictures.length !== count) throw invalid("inputs[0].shape", `[${pictures.length}]`, shape);
  return pictures;
}

function readJsonBytes(data: unknown): Uint8Array[] {
  if (!Array.isArray(data)) throw invalid("inputs[0].data", "a list of pictures in base64", data);
  return data.flat(1).map((one, index) => {
    try {
      return decodeBase64("inputs[0].data", one);
    } catch (error) {
      throw error instanceof ServiceError ? error.at(index) : error;
    }
  });
}

/** Each element: its length in four bytes, little-endian, then itself. */
function readRawBytes(raw: Uint8Array, size: unknown): Uint8Array[] {
  if (size !== raw.length) throw invalid("inputs[0].parameters.binary_data_size", `${raw.length}`, size);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  const pictures: Uint8Array[] = [];
  for (let at = 0; at < raw.length;) {
    const length = at + 4 <= raw.length ? view.getUint32(at, true) : Infinity;
    if (at + 4 + length > raw.length)
      throw invalid("the raw bytes", "whole elements, each after its length", undefined);
    pictures.push(raw.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return pictures;
}

function readOutputs(outputs: unknown, binary: boolean): InferRequest["outputs"] {
  // Some clients write null for what they leave out.
  if (outputs === undefined || outputs === null) return undefined;
  if (!Array.isArray(outputs)) throw invalid("outputs", "a list", outputs);
  return (outputs as (JsonTensor | null)[]).map((output) => {
    if (typeof output?.name !== "string") throw invalid("outputs", "tensors with a name", output);
    const own = output.parameters?.binary_data;
    return { name: output.name, binary: typeof own === "boolean" ? own : binary };
  });
}

/** The tensors that a model gives. */
export function outputNames({ kind }: ServedModelMetadata): { name: string; datatype: string; shape: number[] }[] {
  if (kind === "script") return [];
  if (kind === "classification") {
    return ["probabilities", "logits"].map((name) => ({ name, datatype: "FP32", shape: [-1, -1] }));
  }
  return [
    { name: "num_detections", datatype: "INT32", shape: [-1] },
    { name: "detection_boxes", datatype: "FP32", shape: [-1, -1, 4] },
    { name: "detection_scores", datatype: "FP32", shape: [-1, -1] },
    { name: "detection_classes", datatype: "INT32", shape: [-1, -1] },
  ];
}

export interface InferResponse {
  body: Buffer;
  /** Of the JSON, where raw bytes follow it. */
  jsonLength: number | undefined;
}

/** @throws ServiceError 400 where a tensor is asked for that there isn't */
export function writeInferResponse(
  request: InferRequest,
  model: { name: string; version: string },
  scores: readonly Scores[],
): InferResponse {
  const all = tensorsOf(scores);
  const wanted = request.outputs ?? all.map(({ name }) => ({ name, binary: request.binary }));
  const raw: Buffer[] = [];
  const outputs = wanted.map(({ name, binary }) => {
    const tensor = all.find((one) => one.name === name);
    if (!tensor) throw invalid("outputs", `names of ${all.map((one) => one.name).join(", ")}`, name);
    const { data, ...head } = tensor;
    if (!binary) return { ...head, data: Array.from(data) };
    raw.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    return { ...head, parameters: { binary_data_size: data.byteLength } };
  });
  const id = request.id === undefined ? {} : { id: request.id };
  const json = Buffer.from(JSON.stringify({ model_name: model.name, model_version: model.version, ...id, outputs }));
  return raw.length === 0
    ? { body: json, jsonLength: undefined }
    : { body: Buffer.concat([json, ...raw]), jsonLength: json.length };
}

function tensorsOf(scores: readonly Scores[]): Tensor[] {
  const classified = scores.flatMap((one) => (one.kind === "classification" ? [one.logits] : []));
  if (classified.length > 0) return classifierTensors(classified);
  return detectorTensors(scores.flatMap((one) => (one.kind === "detection" ? [one] : [])));
}

function classifierTensors(logits: readonly Float32Array[]): Tensor[] {
  const columns = logits[0]?.length ?? 0;
  const matrix = (name: string, rows: readonly Float32Array[]): Tensor => {
    return { name, datatype: "FP32", shape: [rows.length, columns], data: joined(rows, columns) };
  };
  return [matrix("probabilities", logits.map(softmax)), matrix("logits", logits)];
}

/** As many detections a picture as the one has that has the most; classes from 1, 0 where there is none. */
function detectorTensors(detected: readonly Extract<Scores, { kind: "detection" }>[]): Tensor[] {
  const counts = Int32Array.from(detected, (one) => one.scores.length);
  const most = Math.max(0, ...counts);
  const shape = [detected.length, most];
  const boxes = detected.map((one) => one.boxes);
  const scores = detected.map((one) => one.scores);
  const classes = new Int32Array(detected.length * most);
  for (const [row, one] of detected.entries()) {
    const numbers = one.classes.map((index) => index + 1);
    classes.set(numbers, row * most);
  }
  return [
    { name: "num_detections", datatype: "INT32", shape: [detected.length], data: counts },
    { name: "detection_boxes", datatype: "FP32", shape: [...shape, 4], data: joined(boxes, most * 4) },
    { name: "detection_scores", datatype: "FP32", shape, data: joined(scores, most) },
    { name: "detection_classes", datatype: "INT32", shape, data: classes },
  ];
}

function joined(rows: readonly Float32Array[], columns: number): Float32Array {
  const data = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => data.set(row, index * columns));
  return data;
}
