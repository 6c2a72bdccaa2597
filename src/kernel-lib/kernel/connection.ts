/** The connection file: where Jupyter wants the five sockets, and the key that signs messages. */
import { readFileSync } from "node:fs";

import { VitrineError } from "../structures/errors.js";

export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly key: string;
}

export type Port = "shell_port" | "iopub_port" | "stdin_port" | "control_port" | "hb_port";
const PORTS: readonly Port[] = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"];

/** @throws VitrineError `MissingFile` or `InvalidFile`, naming the field. */
export function readConnection(path: string): Connection {
  const file = parse(path);
  const scheme = file["signature_scheme"] ?? "hmac-sha256";
  if (scheme !== "hmac-sha256") throw invalid(path, "signature_scheme", "hmac-sha256", scheme);
  for (const name of ["transport", "ip", "key"]) {
    if (typeof file[name] !== "string") throw invalid(path, name, "a string", file[name]);
  }
  for (const name of PORTS) {
    if (!Number.isInteger(file[name])) throw invalid(path, name, "a port number", file[name]);
  }
  return file as unknown as Connection;
}

/** ZeroMQ's address of one socket. */
export function address(connection: Connection, port: Port): string {
  const separator = connection.transport === "ipc" ? "-" : ":";
  return `${connection.transport}://${connection.ip}${separator}${connection[port]}`;
}

function parse(path: string): { [key: string]: unknown } {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new VitrineError("MissingFile", { path, what: "Jupyter's connection file", reason: String(error) });
  }
  try {
    return JSON.parse(text) as { [key: string]: unknown };
  } catch {
    throw invalid(path, "the whole file", "JSON", text.slice(0, 40));
  }
}

function invalid(path: string, where: string, expected: string, received: unknown): VitrineError {
  return new VitrineError("InvalidFile", {
    path,
    where,
    expected,
    received: received === undefined ? "nothing" : JSON.stringify(received),
  });
}
