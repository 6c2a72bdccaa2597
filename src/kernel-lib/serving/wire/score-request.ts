/** The documents' request: a list of pictures, each with parameters of its own. */
import type { PictureItem } from "../models/served-model.js";
import { ServiceError } from "../supervisor/service-error.js";
import { decodeBase64 } from "./picture-base64.js";
import { invalid, readParameters, type ScoreParameters } from "./score-parameters.js";

export interface ScoreRequest {
  item: PictureItem;
  parameters: ScoreParameters;
}

const FIELDS = ["image_in_base64", "parameters"];

/** `[{ "image_in_base64": "…", "parameters": { … } }, …]`. @throws ServiceError 400, with the index where one is at fault */
export function readScoreRequests(body: unknown): ScoreRequest[] {
  if (!Array.isArray(body)) throw invalid("the body", 'a list of {"image_in_base64": …}', body);
  if (body.length === 0) throw invalid("the body", "a list of at least one picture", body);
  return body.map((one: unknown, index) => {
    try {
      return readOne(one);
    } catch (error) {
      throw error instanceof ServiceError ? error.at(index) : error;
    }
  });
}

/** A picture whose bytes are the body, with parameters from the address. */
export function scoreRequest(picture: Uint8Array, parameters: unknown): ScoreRequest {
  if (picture.length === 0) throw invalid("the body", "a picture", undefined);
  const read = readParameters(parameters);
  return { item: { picture, resize: read.resize }, parameters: read };
}

function readOne(one: unknown): ScoreRequest {
  if (typeof one !== "object" || one === null || Array.isArray(one)) {
    throw invalid("a picture", 'an object with "image_in_base64"', one);
  }
  const unknown = Object.keys(one).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw invalid("a picture", `fields of ${FIELDS.join(", ")}`, unknown);
  const { image_in_base64: image, parameters } = one as { image_in_base64?: unknown; parameters?: unknown };
  return scoreRequest(decodeBase64("image_in_base64", image), parameters);
}
