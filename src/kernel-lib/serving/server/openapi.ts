/** What the service can be asked, as OpenAPI 3.1. */
import type { Service } from "./service.js";

const error = (description: string) => ({
  description,
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
});

const REFUSALS = {
  400: error("A picture or a field is at fault; `index` says which picture"),
  401: error("No key, or none of this service"),
  413: error("The body is too large, or has too many pictures"),
  415: error("A type of body that is not taken"),
  429: error("More requests with this key than are allowed; see Retry-After"),
  502: error("A replica ended twice over the picture"),
  503: error("As much to do as the service can take; see Retry-After"),
  504: error("Not scored in time"),
};

const PARAMETERS = {
  ADD_SOFTMAX: { type: "boolean", description: "Probabilities in place of the values before the softmax" },
  resize: {
    type: "array",
    items: { type: "integer" },
    minItems: 2,
    maxItems: 2,
    description: "Height and width in pixels",
  },
  threshold: { type: "number", description: "Only labels or objects of at least this score" },
  top_k: { type: "integer", minimum: 1, description: "Only so many, the highest first" },
};

const query = Object.entries(PARAMETERS).map(([name, { description, ...schema }]) => ({
  name,
  in: "query",
  description,
  schema,
  ...(name === "resize" && { style: "form", explode: false }),
}));

const json = (schema: object) => ({ "application/json": { schema } });
const binary = { schema: { type: "string", format: "binary" } };

export function openApi(service: Service, version: string): object {
  const secured = service.settings.keys === "required";
  const plain = (description: string, schema: object = { type: "object" }) => ({ description, content: json(schema) });
  const open = { security: [] };
  const infer = {
    summary: "Score pictures as tensors: KServe's Open Inference Protocol, version 2",
    requestBody: { required: true, content: { ...json({ type: "object" }), "application/octet-stream": binary } },
    responses: { 200: plain("Tensors"), ...REFUSALS, 404: error("Another model's name or version") },
  };
  const model = `/v2/models/${service.name}`;
  return {
    openapi: "3.1.0",
    info: { title: service.name, version: String(service.version), description: `Served by vitrine ${version}` },
    ...(secured && { security: [{ key: [] }] }),
    paths: {
      "/score": service.settings.script
        ? scriptPath()
        : {
            post: {
              summary: "Score pictures",
              parameters: query,
              requestBody: {
                required: true,
                content: {
                  ...json({ type: "array", minItems: 1, items: { $ref: "#/components/schemas/Picture" } }),
                  "image/*": binary,
                  "application/octet-stream": binary,
                  "multipart/form-data": { schema: { type: "object", additionalProperties: true } },
                },
              },
              responses: {
                200: plain("A JSON text for each picture, in their order", {
                  type: "array",
                  items: { type: "string" },
                }),
                ...REFUSALS,
              },
            },
          },
      "/health": {
        get: { summary: "Whether it can score", ...open, responses: { 200: plain("It can"), 503: plain("Not yet") } },
      },
      "/metrics": {
        get: {
          summary: "For Prometheus",
          responses: {
            200: { description: "Metrics", content: { "text/plain": { schema: { type: "string" } } } },
            401: REFUSALS[401],
          },
        },
      },
      "/v2": {
        get: { summary: "The server", responses: { 200: plain("Its name and extensions"), 401: REFUSALS[401] } },
      },
      "/v2/health/live": { get: { summary: "Whether it is there", ...open, responses: { 200: plain("It is") } } },
      "/v2/health/ready": {
        get: { summary: "Whether it can score", ...open, responses: { 200: plain("It can"), 503: plain("Not yet") } },
      },
      [model]: {
        get: { summary: "The model's tensors and labels", responses: { 200: plain("Metadata"), 401: REFUSALS[401] } },
      },
      [`${model}/ready`]: {
        get: {
          summary: "Whether the model can score",
          ...open,
          responses: { 200: plain("It can"), 503: plain("Not yet") },
        },
      },
      [`${model}/infer`]: { post: infer },
    },
    components: {
      ...(secured && { securitySchemes: { key: { type: "http", scheme: "bearer" } } }),
      schemas: {
        Picture: {
          type: "object",
          required: ["image_in_base64"],
          properties: {
            image_in_base64: {
              type: "string",
              description: "JPEG, PNG, WebP, GIF or TIFF; Python's b'…' is taken too",
            },
            parameters: { type: "object", properties: PARAMETERS },
          },
        },
        Error: {
          type: "object",
          properties: {
            error: {
              type: "object",
              properties: {
                code: { type: "string" },
                message: { type: "string" },
                index: { type: "integer", description: "Which picture, from 0" },
                request_id: { type: "string" },
              },
            },
          },
        },
      },
    },
  };
}

/** What goes in and comes out only the script knows. */
const scriptPath = () => ({
  post: {
    summary: "Call run() of the entry script",
    requestBody: { required: true, content: { ...json({}), "text/*": { schema: { type: "string" } }, "*/*": binary } },
    responses: {
      200: { description: "What it returned", content: json({}) },
      400: error("The body is no JSON, or the script refuses it"),
      401: REFUSALS[401],
      413: error("The body is too large"),
      429: REFUSALS[429],
      500: error("The script failed, or took more memory than it may"),
      502: error("The replica ended"),
      503: REFUSALS[503],
      504: error("The script took longer than it may"),
    },
  },
});
