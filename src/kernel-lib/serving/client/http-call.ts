/** One HTTP request with everything in memory. Not by `fetch`, which can't be told whose certificates to trust. */
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

export interface HttpCall {
  url: string;
  method: "GET" | "POST";
  headers: Readonly<Record<string, string>>;
  body?: Uint8Array | string | undefined;
  /** PEM of whom to trust beside the usual. */
  ca?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Use a connection again; true by default. */
  keepAlive?: boolean | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}

const http = new HttpAgent({ keepAlive: true });
const https = new HttpsAgent({ keepAlive: true });

export function httpCall({ url, method, headers, body, ca, signal, keepAlive = true }: HttpCall): Promise<HttpAnswer> {
  const secure = url.startsWith("https:");
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  const options = { method, headers: { ...headers, "content-length": length }, ...(signal && { signal }) };
  const kept = secure ? https : http;
  const agent = { agent: keepAlive ? kept : false, ...(ca !== undefined && { ca }) };
  return new Promise((resolve, reject) => {
    const sent = (secure ? httpsRequest : httpRequest)(url, { ...options, ...agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const { statusCode = 0, headers: received } = response;
        resolve({ status: statusCode, headers: received, text: Buffer.concat(chunks).toString() });
      });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
