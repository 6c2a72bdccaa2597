/** Orders to a service's process, over its socket. */
import { request } from "node:http";

/** The process can't be reached: it is not there, or not yet. */
export class Unreachable extends Error {}

/** @throws Unreachable; Error with the service's sentence where it refuses */
export async function control<T>(
  socketPath: string,
  method: "GET" | "POST",
  path: string,
  body?: object,
  timeout = 5000,
): Promise<T> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const { status, answer } = await send(socketPath, method, path, text, timeout);
  const value = JSON.parse(answer) as T & { message?: string };
  if (status === 200) return value;
  throw new Error(value.message ?? answer);
}

function send(
  socketPath: string,
  method: string,
  path: string,
  body: string | undefined,
  timeout: number,
): Promise<{ status: number; answer: string }> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const sent = request({ socketPath, method, path, headers, agent: false, timeout }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", (error) => reject(new Unreachable(error.message)));
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, answer: Buffer.concat(chunks).toString() }),
      );
    });
    sent.once("timeout", () => sent.destroy(new Error(`no answer within ${timeout / 1000} s`)));
    sent.once("error", (error) => reject(new Unreachable(error.message)));
    sent.end(body);
  });
}
