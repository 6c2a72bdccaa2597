/**
 * A service's two keys. 256 random bits each, kept as SHA-256 alone: with so many bits a slow hash would protect nothing more. Two,
 * so that clients can change to the one while the other is replaced.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

import { z } from "zod";

export const KEY_NAMES = ["primary", "secondary"] as const;
export type KeyName = (typeof KEY_NAMES)[number];

/** In clear; shown once. */
export interface Keys {
  primary: string;
  secondary: string;
}

const record = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), createdAt: z.string() });

/** `keys.json`: null for one that was revoked. */
export const keysDocument = z.object({
  format: z.literal("vitrine.keys"),
  version: z.literal(1),
  primary: record.nullable(),
  secondary: record.nullable(),
});

export type KeysDocument = z.infer<typeof keysDocument>;

export const newKey = (): string => `vk-${randomBytes(32).toString("base64url")}`;

export const recordOf = (key: string): z.infer<typeof record> => ({
  sha256: createHash("sha256").update(key).digest("hex"),
  createdAt: new Date().toISOString(),
});

export const keysDocumentOf = ({ primary, secondary }: Keys): KeysDocument => ({
  format: "vitrine.keys",
  version: 1,
  primary: recordOf(primary),
  secondary: recordOf(secondary),
});

export class KeyRing {
  private document: KeysDocument;
  /** Of whoever owns the service's folder; as long as the service runs. */
  private readonly ownerHash: Buffer;
  readonly ownerToken: string;

  constructor(document: KeysDocument, ownerToken: string = newKey()) {
    this.document = document;
    this.ownerToken = ownerToken;
    this.ownerHash = hash(this.ownerToken);
  }

  replace(document: KeysDocument): void {
    this.document = document;
  }

  get current(): KeysDocument {
    return this.document;
  }

  /** Whose key it is; every one is compared, in the same time whichever fits. */
  find(key: string): KeyName | "owner" | undefined {
    const given = hash(key);
    let found: KeyName | "owner" | undefined = timingSafeEqual(given, this.ownerHash) ? "owner" : undefined;
    for (const name of KEY_NAMES) {
      const expected = Buffer.from(this.document[name]?.sha256 ?? "0".repeat(64), "hex");
      if (timingSafeEqual(given, expected) && this.document[name]) found = name;
    }
    return found;
  }
}

const hash = (key: string): Buffer => createHash("sha256").update(key).digest();
