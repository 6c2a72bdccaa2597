/** `service.json` of an image: what the process in the container is to be. */
import { z } from "zod";

import { serviceSettings } from "../service-settings.js";

/** The port within a container; outside it is what whoever runs it makes of it. */
export const CONTAINER_PORT = 8080;

/** Where whoever runs the container mounts its keys: `keys.json`, with hashes alone, and `owner`, if there is one. */
export const SECRET_FOLDER = "/run/secrets/vitrine";

export const imageDocument = z.object({
  format: z.literal("vitrine.image"),
  version: z.literal(1),
  name: z.string(),
  /** Of the model. */
  modelVersion: z.number().int().min(1),
  createdAt: z.string(),
  settings: serviceSettings,
});

export type ImageDocument = z.infer<typeof imageDocument>;
