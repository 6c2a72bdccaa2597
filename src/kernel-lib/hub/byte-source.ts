/** Bytes at any place of a file or of a buffer, so that a file of hundreds of megabytes need not be in memory twice. */
import { open } from "node:fs/promises";
import { VitrineError } from "../structures/errors.js";

export interface ByteSource {
  /** The file's path, or what stands for it in errors. */
  readonly path: string;
  readonly size: number;
  /** Exactly `length` bytes from `offset`. The caller makes sure that they are within the size. */
  read: (offset: number, length: number) => Promise<Uint8Array>;
}

/** Runs `use` on the bytes and closes what was opened. */
export async function withBytes<T>(from: string | Uint8Array, use: (source: ByteSource) => Promise<T>): Promise<T> {
  if (typeof from !== "string") return use(memory(from));
  const file = await open(from, "r").catch((cause: unknown) => {
    const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is none" : String(cause);
    throw new VitrineError("MissingFile", { path: from, what: "a weights file", reason }, { cause });
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) {
      throw new VitrineError("MissingFile", { path: from, what: "a weights file", reason: "it is not a file" });
    }
    const read = async (offset: number, length: number) => {
      const buffer = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
        if (bytesRead === 0) throw truncated(from, offset + done, offset + length);
        done += bytesRead;
      }
      return buffer;
    };
    return await use({ path: from, size: stat.size, read });
  } finally {
    await file.close();
  }
}

function memory(bytes: Uint8Array): ByteSource {
  const read = (offset: number, length: number) => Promise.resolve(bytes.subarray(offset, offset + length));
  return { path: "(bytes)", size: bytes.length, read };
}

/** The error for a file that ends too early. */
export function truncated(path: string, size: number, needed: number): VitrineError<"InvalidFile"> {
  return new VitrineError("InvalidFile", {
    path,
    where: `byte ${size}`,
    expected: `at least ${needed} bytes`,
    received: "the end of the file",
  });
}
