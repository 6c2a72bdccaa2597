import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { scalarEvent, versionEvent } from "../../../src/kernel-lib/engine/tensorboard-events.js";
import { frameRecord } from "../../../src/kernel-lib/engine/tensorboard-record.js";
import { crc32c } from "../../../src/kernel-lib/hub/crc32c.js";
import { EventWriter } from "../../../src/kernel-lib/engine/tensorboard-writer.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";

const folder = mkdtempSync(join(tmpdir(), "vitrine-tensorboard-"));
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = (name: string) => new URL(`../../fixtures/tensorboard/${name}`, import.meta.url);
const { oracle, scalars } = JSON.parse(readFileSync(fixture("scalars.json"), "utf8")) as {
  oracle: string;
  scalars: [tag: string, value: string, step: number, wallTime: number][];
};
const number = (text: string) => (text === "nan" ? NaN : text === "inf" ? Infinity : Number(text));

/** CRC-32C bit by bit, from its polynomial: slow, and nothing like the table. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  return Number(crc ^ 0xffffffffn);
}
const slowMask = (crc: number) => Number(((BigInt(crc) >> 15n) | (BigInt(crc) << 17n)) % 2n ** 32n);

/** The records of a file, each checksum compared. */
function records(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    const check = (from: number, to: number, stored: number) => {
      const expected = (slowMask(slowCrc32c(bytes.subarray(from, to))) + 0xa282ead8) % 2 ** 32;
      expect(stored).toBe(expected);
    };
    check(at, at + 8, bytes.readUInt32LE(at + 8));
    check(at + 12, at + 12 + length, bytes.readUInt32LE(at + 12 + length));
    found.push(bytes.subarray(at + 12, at + 12 + length));
    at += 16 + length;
  }
  return found;
}

type Field = number | bigint | Buffer;

/** A protocol buffer's fields by number, without knowing the message. */
function fields(bytes: Buffer): Map<number, Field> {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => bytes.subarray(at, (at += length));
  const found = new Map<number, Field>();
  while (at < bytes.length) {
    const key = Number(varint());
    const wire = key % 8;
    const value =
      wire === 0
        ? varint()
        : wire === 1
          ? take(8).readDoubleLE()
          : wire === 5
            ? take(4).readFloatLE()
            : take(Number(varint()));
    found.set(key >> 3, value);
  }
  return found;
}
const inner = (field: Field | undefined) => fields(Buffer.from(field as Buffer));

describe("event files match tensorboard 2.21.0", () => {
  it("byte for byte", () => {
    expect(oracle).toBe("tensorboard 2.21.0");
    const events = scalars.map(([tag, value, step, time]) => scalarEvent(tag, number(value), { step, wallTime: time }));
    const ours = Buffer.concat([versionEvent(1700000000), ...events].map(frameRecord));
    expect(ours.equals(readFileSync(fixture("scalars.tfevents")))).toBe(true);
  });

  it("in their checksums, found bit by bit", () => {
    // RFC 3720, B.4: 32 bytes of zeros, and of ones.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(crc32c(bytes)).toBe(slowCrc32c(bytes));
      }),
    );
  });

  it("as tensorboard's own reader says", () => {
    const python = fileURLToPath(new URL("../../../.venv/bin/python", import.meta.url));
    expect(existsSync(python), "The project's .venv is missing: run `npm run setup` first").toBe(true);
    const logdir = join(folder, "read by tensorboard");
    const writer = new EventWriter(logdir);
    for (const [tag, value, step, time] of scalars) writer.scalar(tag, number(value), step, time);
    writer.close();
    const script = `
import json, sys
try:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
except ImportError:
    sys.exit("tensorboard is missing in .venv: run npm run setup")
events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0}).Reload()
print(json.dumps([[tag, str(e.value), e.step, e.wall_time] for tag in events.Tags()["scalars"] for e in events.Scalars(tag)]))
`;
    const run = () =>
      execFileSync(python, ["-c", script, logdir], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    const found = JSON.parse(run().trim().split("\n").at(-1) ?? "") as typeof scalars;
    const comparable = (list: typeof scalars) =>
      list.map(([tag, value, step, time]) => [tag, Math.fround(number(value)), step, time]).sort();
    expect(comparable(found)).toEqual(comparable(scalars));
  });
});

describe("EventWriter", () => {
  it("writes a version first, then each point, to a file that TensorBoard looks for", () => {
    const writer = new EventWriter(join(folder, "new", "folder"));
    writer.scalar("loss", 0.25, 3, 12.5);
    writer.scalar("loss", 0, 0);
    // Readable before it is closed.
    const [version, first, second] = records(readFileSync(writer.path)).map(fields);
    writer.close();
    expect(readdirSync(join(folder, "new", "folder"))[0]).toMatch(/^events\.out\.tfevents\.\d{10}\.[\w.-]+\.\d+\.\d+$/);
    expect((version?.get(3) as Buffer).toString()).toBe("brain.Event:2");
    expect([first?.get(1), first?.get(2)]).toEqual([12.5, 3n]);
    const value = inner(inner(first?.get(5)).get(1));
    expect([(value.get(1) as Buffer).toString(), value.get(2)]).toEqual(["loss", 0.25]);
    expect(Math.abs((second?.get(1) as number) - Date.now() / 1000)).toBeLessThan(60);
    expect(inner(inner(second?.get(5)).get(1)).get(2)).toBe(0);
  });

  it("gives each writer a file of its own", () => {
    const [one, two] = [new EventWriter(folder), new EventWriter(folder)];
    expect(one.path).not.toBe(two.path);
    one.close();
    one.close();
    two.close();
  });

  it("reads back as it was written, whatever is written", () => {
    const point = fc.tuple(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.float(),
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    );
    fc.assert(
      fc.property(point, ([tag, value, step]) => {
        const event = fields(Buffer.from(scalarEvent(tag, value, { step, wallTime: 1 })));
        const found = inner(inner(event.get(5)).get(1));
        expect([(found.get(1) as Buffer).toString(), found.get(2), event.get(2) ?? 0n]).toEqual([
          tag,
          value,
          BigInt(step),
        ]);
      }),
    );
  });

  it("refuses points after the end, steps that are none, and folders that can't be written", () => {
    const writer = new EventWriter(folder);
    expect(() => writer.scalar("loss", 1, 0.5)).toThrow("Expected an integer of at least 0 for step but received 0.5");
    expect(() => writer.scalar("", 1, 0)).toThrow("for tag");
    writer.close();
    expect(() => writer.scalar("loss", 1, 1)).toThrow("the writer is closed");
    const file = join(folder, "a file");
    writeFileSync(file, "");
    let error: unknown;
    try {
      new EventWriter(file);
    } catch (reason) {
      error = reason;
    }
    expect(isVitrineError(error, "CannotWrite")).toBe(true);
  });
});
