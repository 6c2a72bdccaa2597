import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Wire, WireError } from "../../../src/kernel-lib/kernel/wire.js";

const DELIMITER = Buffer.from("<IDS|MSG>");
const KEY = "a key";
const header = { msg_id: "1", msg_type: "execute_request", session: "s", username: "u", date: "", version: "5.4" };

function signed(parts: readonly Uint8Array[], key = KEY): Buffer {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return Buffer.from(hmac.digest("hex"));
}

const json = (...values: unknown[]) => values.map((value) => Buffer.from(JSON.stringify(value)));
const frames = (parts: readonly Uint8Array[], ...buffers: Uint8Array[]) => [
  Buffer.from("client"),
  DELIMITER,
  signed(parts),
  ...parts,
  ...buffers,
];

describe("decoding", () => {
  it("reads what another implementation signed, buffers and all", () => {
    const parts = json(header, {}, { m: 1 }, { code: "1", text: "ü😀" });
    const message = new Wire(KEY).decode(frames(parts, Uint8Array.of(1, 2), new Uint8Array(0)));
    expect(message).toMatchObject({ header, metadata: { m: 1 }, content: { code: "1", text: "ü😀" } });
    expect(message.buffers.map((buffer) => [...buffer])).toEqual([[1, 2], []]);
    expect(message.identities.map(String)).toEqual(["client"]);
  });

  it("takes any frames without another error than WireError", () => {
    const frame = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.constantFrom(
        DELIMITER,
        Buffer.from("{}"),
        Buffer.from("null"),
        Buffer.from("["),
        Buffer.from(JSON.stringify(header)),
      ),
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), fc.constantFrom(KEY, ""), (given, key) => {
        try {
          new Wire(key).decode(given);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("takes any signed JSON without another error than WireError", () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { minLength: 4, maxLength: 6 }), (texts) => {
        const given = texts.map((text) => Buffer.from(text));
        const parts = given.slice(0, 4);
        try {
          new Wire(KEY).decode([DELIMITER, signed(parts), ...given]);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });

  it("refuses a message of which any byte was changed", () => {
    const parts = json(header, {}, {}, { code: "1" });
    fc.assert(
      fc.property(fc.nat(3), fc.nat(1000), fc.integer({ min: 1, max: 255 }), (part, at, by) => {
        const changed = parts.map((bytes) => Buffer.from(bytes));
        const target = changed[part];
        if (!target) return;
        const place = at % target.length;
        target[place] = ((target[place] ?? 0) + by) % 256;
        expect(() => new Wire(KEY).decode([DELIMITER, signed(parts), ...changed])).toThrow("wrong signature");
      }),
    );
  });

  it("looks at the signature before it parses: what is forged is never called broken JSON", () => {
    const parts = ["{", "", "x", "]"].map((text) => Buffer.from(text));
    expect(() => new Wire(KEY).decode([DELIMITER, Buffer.alloc(64, 48), ...parts])).toThrow("wrong signature");
    expect(() => new Wire(KEY).decode([DELIMITER, signed(parts), ...parts])).toThrow("a part is not JSON");
  });

  it.each(["", "0", "a".repeat(63), "a".repeat(65)])("refuses the signature %j of another length", (signature) => {
    expect(() => new Wire(KEY).decode([DELIMITER, Buffer.from(signature), ...json(header, {}, {}, {})])).toThrow(
      "wrong signature",
    );
  });
});

describe("encoding", () => {
  it("comes back the same through decoding, for any content and buffers", () => {
    const wire = new Wire(KEY);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.uint8Array()), (content, buffers) => {
        const message = new Wire(KEY).decode(wire.encode([Buffer.from("id")], { type: "t", content, buffers }));
        expect(message.content).toEqual(JSON.parse(JSON.stringify(content)));
        expect(message.buffers.map((buffer) => [...buffer])).toEqual(buffers.map((buffer) => [...buffer]));
        expect(message.header).toMatchObject({ msg_type: "t", session: wire.session, version: "5.4" });
      }),
    );
  });

  it("gives every message an id of its own, and an empty key an empty signature", () => {
    const wire = new Wire("");
    const encoded = Array.from({ length: 100 }, () => wire.encode([], { type: "t", content: {} }));
    expect(new Set(encoded.map((parts) => wire.decode(parts).header.msg_id)).size).toBe(100);
    expect(encoded[0]?.[1]?.byteLength).toBe(0);
  });
});
