/** What names a picture by its content. */
import { createHash } from "node:crypto";

/** The first 16 hex digits of the SHA-256 of a file. */
export function storageIdOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
