/**
 * Ray's jobs by their REST interface. By `node:http`: Ray's dashboard refuses what looks like a browser's request, and Node's own `fetch`
 * sends the headers of one.
 */
import { request as plain } from "node:http";
import { request as secure } from "node:https";

/** As Ray has them. */
export type RayStatus = "PENDING" | "RUNNING" | "STOPPED" | "SUCCEEDED" | "FAILED";

export interface RayJob {
  status: RayStatus;
  /** Why it is so, in Ray's words. */
  message?: string | null;
}

/** Ray's answer was none that goes on, or there was none: status 0. */
export class RayRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const TIMEOUT = 30_000;

export class RayClient {
  private readonly address: string;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(address: string, headers: Readonly<Record<string, string>>) {
    this.address = address;
    this.headers = headers;
  }

  async version(): Promise<string> {
    const { ray_version: version = "unknown" } = (await this.send("GET", "/api/version")) as { ray_version?: string };
    return version;
  }

  async submit(id: string, entrypoint: string, cpus: number): Promise<void> {
    const metadata = { made_by: "vitrine" };
    // Without resources of its own a job would run on the head, whatever other nodes there are.
    await this.send("POST", "/api/jobs/", { submission_id: id, entrypoint, entrypoint_num_cpus: cpus, metadata });
  }

  async job(id: string): Promise<RayJob> {
    return (await this.send("GET", `/api/jobs/${id}`)) as RayJob;
  }

  async logs(id: string): Promise<string> {
    return ((await this.send("GET", `/api/jobs/${id}/logs`)) as { logs?: string }).logs ?? "";
  }

  async stop(id: string): Promise<void> {
    await this.send("POST", `/api/jobs/${id}/stop`);
  }

  private send(method: string, path: string, body?: object): Promise<unknown> {
    const url = new URL(`${this.address}${path}`);
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      // Ray (2.51.1) looks into it to know browsers, and answers 500 where there is none.
      "user-agent": "vitrine",
      ...this.headers,
      ...(payload !== undefined && {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(payload)),
      }),
    };
    return new Promise((resolve, reject) => {
      const sent = (url.protocol === "http:" ? plain : secure)(
        url,
        { method, headers, timeout: TIMEOUT },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.once("error", (error) => reject(new RayRefusal(0, error.message)));
          response.once("end", () => {
            const text = Buffer.concat(chunks).toString();
            const { statusCode = 0 } = response;
            if (statusCode < 200 || statusCode >= 300) reject(new RayRefusal(statusCode, text.trim().slice(0, 1000)));
            else resolve(parse(text));
          });
        },
      );
      sent.once("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT / 1000} s`)));
      sent.once("error", (error: NodeJS.ErrnoException) =>
        reject(new RayRefusal(0, error.message === "" ? (error.code ?? "") : error.message)),
      );
      sent.end(payload);
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
