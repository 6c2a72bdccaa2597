/** What a client may ask of an answer; the same words in JSON, in a query and in a form. */
import { ServiceError } from "../supervisor/service-error.js";

export interface ScoreParameters {
  /** Of a classifier: probabilities that add up to 1 in place of the values before the softmax. */
  addSoftmax: boolean;
  /** Height and width in pixels to which the picture is stretched before the model's own way of reading it. */
  resize: readonly [number, number] | undefined;
  /** Only labels or objects of at least this score. */
  threshold: number | undefined;
  /** Only so many, the highest first. */
  topK: number | undefined;
}

export const NO_PARAMETERS: ScoreParameters = {
  addSoftmax: false,
  resize: undefined,
  threshold: undefined,
  topK: undefined,
};

const MAX_SIDE = 4096;

/** By a name without case and underscores: ADD_SOFTMAX is `addSoftmax`. */
const READERS: Readonly<Record<string, (value: unknown) => Partial<ScoreParameters> | undefined>> = {
  addsoftmax: (value) => {
    const asked = truth(value);
    return asked === undefined ? undefined : { addSoftmax: asked };
  },
  resize: (value) => {
    const sides = typeof value === "string" ? value.split(/[x,]/).map(Number) : value;
    const fits = Array.isArray(sides) && sides.length === 2 && sides.every((side) => isSide(side));
    return fits ? { resize: sides as [number, number] } : undefined;
  },
  threshold: (value) => {
    const number = numeric(value);
    return number === undefined ? undefined : { threshold: number };
  },
  topk: (value) => {
    const number = numeric(value);
    return number !== undefined && Number.isInteger(number) && number >= 1 ? { topK: number } : undefined;
  },
};

const EXPECTED: Readonly<Record<string, string>> = {
  addsoftmax: "true or false",
  resize: `[height, width], each a whole number from 1 to ${MAX_SIDE}`,
  threshold: "a number",
  topk: "a whole number of at least 1",
};

const NAMES = "ADD_SOFTMAX, resize, threshold, top_k";

/** @throws ServiceError 400 that names the parameter */
export function readParameters(given: unknown): ScoreParameters {
  if (given === undefined || given === null) return NO_PARAMETERS;
  if (typeof given !== "object" || Array.isArray(given)) throw invalid("parameters", "an object", given);
  return Object.entries(given).reduce<ScoreParameters>((parameters, [name, value]) => {
    const plain = name.toLowerCase().replaceAll(/[_-]/g, "");
    const reader = Object.hasOwn(READERS, plain) ? READERS[plain] : undefined;
    if (!reader) throw invalid("parameters", `names of ${NAMES}`, name);
    const read = reader(value);
    if (!read) throw invalid(`parameters.${name}`, EXPECTED[plain] ?? "", value);
    return { ...parameters, ...read };
  }, NO_PARAMETERS);
}

export function invalid(field: string, expected: string, received: unknown): ServiceError {
  return new ServiceError(`Expected ${expected} for ${field} but received ${described(received)}`, {
    status: 400,
    code: "InvalidRequest",
  });
}

/** Short, however long the value is. */
function described(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  return typeof value === "object" && value !== null ? "an object" : JSON.stringify(value);
}

const isSide = (side: unknown) => Number.isInteger(side) && (side as number) >= 1 && (side as number) <= MAX_SIDE;

function truth(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  // In a query or a form everything is text; Python writes True.
  if (typeof value !== "string") return undefined;
  return { true: true, "1": true, "": true, false: false, "0": false }[value.toLowerCase()];
}

function numeric(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
