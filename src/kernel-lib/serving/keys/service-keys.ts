/**
 * A service's two keys. 256 random bits each, kept as SHA-256 alone: with so many bits a slow hash would protect nothing more. Two,
 * so that clients can change to the one while the other is replaced.
 */
import { hash, randomBytes, timingSafeEqual } from "node:crypto";

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
  sha256: hash("sha256", key),
  createdAt: new Date().toISOString(),
});

export const keysDocumentOf = ({ primary, secondary }: Keys): KeysDocument => ({
  format: "vitrine.keys",
  version: 1,
  primary: recordOf(primary),
  secondary: recordOf(secondary),
});

/** Of no key. */
const NONE = Buffer.alloc(32);

export class KeyRing {
  private document: KeysDocument;
  private hashes: readonly (readonly [KeyName, Buffer])[];
  /** Of whoever owns the service's folder; as long as the service runs. */
  private readonly ownerHash: Buffer;
  readonly ownerToken: string;

  constructor(document: KeysDocument, ownerToken: string = newKey()) {
    this.document = document;
    this.hashes = hashesOf(document);
    this.ownerToken = ownerToken;
    this.ownerHash = digest(this.ownerToken);
  }

  replace(document: KeysDocument): void {
    this.document = document;
    this.hashes = hashesOf(document);
  }

  get current(): KeysDocument {
    return this.document;
  }

  /** Whose key it is; every one is compared, in the same time whichever fits. */
  find(key: string): KeyName | "owner" | undefined {
    const given = digest(key);
    let found: KeyName | "owner" | undefined = timingSafeEqual(given, this.ownerHash) ? "owner" : undefined;
    for (const [name, expected] of this.hashes) {
      if (timingSafeEqual(given, expected) && expected !== NONE) found = name;
    }
    return found;
  }
}

const hashesOf = (document: KeysDocument) =>
  KEY_NAMES.map((name) => [name, document[name] ? Buffer.from(document[name].sha256, "hex") : NONE] as const);

const digest = (key: string): Buffer => hash("sha256", key, "buffer");
