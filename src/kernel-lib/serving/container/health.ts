/** The health check of an image: ends with 0 where the service in this container can score. */
import { request as plain } from "node:http";
import { request as secure } from "node:https";

import { CONTAINER_PORT } from "./image-document.js";

const port = Number(process.env["VITRINE_PORT"] ?? CONTAINER_PORT);
const request = process.env["VITRINE_TLS_CERT"] === undefined ? plain : secure;
// The certificate is for the name outside; within the container there is nobody else to answer.
const asked = request(
  { host: "127.0.0.1", port, path: "/health", timeout: 2500, rejectUnauthorized: false },
  (answer) => {
    answer.resume();
    process.exitCode = answer.statusCode === 200 ? 0 : 1;
  },
);
asked.once("timeout", () => asked.destroy());
asked.once("error", () => {
  process.exitCode = 1;
});
asked.end();
