/**
 * The wire format: `identities… <IDS|MSG> signature header parent metadata content buffers…`.
 *
 * The signature covers the four JSON frames as they came, not the buffers. It is compared in constant time before anything is
 * parsed, so nothing that an outsider sends reaches the JSON parser.
 */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

import type { JsonObject } from "../comm/port.js";
import { PROTOCOL_VERSION, type Header, type Message, type Outgoing } from "./messages.js";

const DELIMITER = Buffer.from("<IDS|MSG>");

/** Frames that are no message of this session; they are dropped. */
export class WireError extends Error {
  override readonly name = "WireError";
}

export class Wire {
  readonly session: string;
  private readonly key: string;
  private sent = 0;

  /** `key` is the connection file's; an empty one switches signatures off, as the protocol says. */
  constructor(key: string, session: string = randomUUID()) {
    this.key = key;
    this.session = session;
  }

  /** @throws WireError for frames that are not a signed message. */
  decode(frames: readonly Uint8Array[]): Message {
    const delimiter = frames.findIndex((frame) => DELIMITER.equals(frame));
    if (delimiter < 0) throw new WireError("no delimiter");
    const [signature, ...rest] = frames.slice(delimiter + 1);
    const parts = rest.slice(0, 4);
    if (!signature || parts.length < 4) throw new WireError("fewer than four parts");
    this.verify(signature, parts);
    const [header, , metadata, content] = parts.map(parseObject);
    return {
      identities: frames.slice(0, delimiter),
      header: asHeader(header),
      metadata: metadata ?? {},
      content: content ?? {},
      buffers: rest.slice(4),
    };
  }

  encode(identities: readonly Uint8Array[], message: Outgoing): Uint8Array[] {
    const parts = [this.header(message.type), message.parent ?? {}, message.metadata ?? {}, message.content].map(
      (part) => Buffer.from(JSON.stringify(part)),
    );
    return [...identities, DELIMITER, Buffer.from(this.sign(parts)), ...parts, ...(message.buffers ?? [])];
  }

  private header(type: string): Header {
    this.sent += 1;
    return {
      msg_id: `${this.session}_${this.sent}_${randomUUID().slice(0, 8)}`,
      msg_type: type,
      session: this.session,
      username: "vitrine",
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    };
  }

  private sign(parts: readonly Uint8Array[]): string {
    if (this.key === "") return "";
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  private verify(signature: Uint8Array, parts: readonly Uint8Array[]): void {
    if (this.key === "") return;
    const expected = Buffer.from(this.sign(parts));
    if (signature.byteLength !== expected.byteLength || !timingSafeEqual(signature, expected)) {
      throw new WireError("wrong signature");
    }
  }
}

function parseObject(frame: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString("utf8"));
  } catch {
    throw new WireError("a part is not JSON");
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new WireError("a part is no object");
  return value as JsonObject;
}

function asHeader(value: JsonObject | undefined): Header {
  if (typeof value?.["msg_id"] !== "string" || typeof value["msg_type"] !== "string") {
    throw new WireError("the header lacks msg_id or msg_type");
  }
  return value as unknown as Header;
}
