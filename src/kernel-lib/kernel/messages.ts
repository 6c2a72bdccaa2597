/** Jupyter's messages as this kernel holds them; see "Messaging in Jupyter", version 5.4. */
import type { JsonObject } from "../comm/port.js";

export const PROTOCOL_VERSION = "5.4";

/** Who sent a message, and which one it is. */
export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

/** A message that arrived: its signature was right and its four JSON parts are objects. */
export interface Message {
  /** ZeroMQ's routing prefix: a reply goes back along it. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

/** A message that is to be sent. */
export interface Outgoing {
  readonly type: string;
  readonly content: object;
  /** The request that this answers or belongs to. */
  readonly parent?: Header | undefined;
  readonly metadata?: object | undefined;
  readonly buffers?: readonly Uint8Array[] | undefined;
}

/** What the messages of a cell, or of a comm that a cell opened, are published under. */
export interface OutputScope {
  readonly parent: Header;
}

/** The text field of a request's content; another type counts as not there. */
export function textField(content: JsonObject, name: string): string {
  const value = content[name];
  return typeof value === "string" ? value : "";
}

/** The whole-number field of a request's content. */
export function numberField(content: JsonObject, name: string): number {
  const value = content[name];
  return typeof value === "number" && Number.isFinite(value) ? Math.trunc(value) : 0;
}

/** An object field of a request's content. */
export function objectField(content: JsonObject, name: string): JsonObject {
  const value = content[name];
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}
