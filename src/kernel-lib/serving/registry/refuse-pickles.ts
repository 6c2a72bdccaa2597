/** Keeps code out of a registry: a Python pickle runs what it likes when it is loaded, whatever its file is called. */
import { open, readdir } from "node:fs/promises";
import { extname, join, relative } from "node:path";

import { VitrineError } from "../../structures/errors.js";

/** Of pickles that begin with no sign of their own: compressed ones, and those of the first protocols. */
const EXTENSIONS = [".pkl", ".pickle", ".joblib"];
const HEAD_BYTES = 512;

/** @param source what the folder is a copy of, for the sentence. @throws InvalidFile that names the file */
export async function refusePickles(folder: string, source: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const what = EXTENSIONS.includes(extname(entry.name).toLowerCase())
      ? "a Python pickle"
      : pickleIn(await head(path));
    if (what === undefined) continue;
    const name = relative(folder, path).split("/").slice(1).join("/");
    const received = `${what}, which runs code when it is loaded; readPth() and writeSafetensors() make safetensors of PyTorch's`;
    const expected = "numbers or text, as safetensors, ONNX, HDF5 and JSON have";
    throw new VitrineError("InvalidFile", { path: join(source, name), where: "its content", expected, received });
  }
}

/** What kind, by a file's first bytes; undefined where it is none. */
function pickleIn(bytes: Buffer): string | undefined {
  const [first, protocol = 0, opcode] = bytes;
  // No opcode is 0; a safetensors header of 640 bytes and more would begin alike.
  if (first === 0x80 && protocol >= 2 && protocol <= 5 && opcode !== 0) return "a Python pickle";
  const text = bytes.toString("latin1");
  if (/^PK\x03\x04.{26}[^/]+\/data\.pkl/s.test(text)) return "PyTorch's archive with a Python pickle";
  return text.startsWith("\x93NUMPY") && text.includes("'descr': '|O")
    ? "NumPy's file with a Python pickle"
    : undefined;
}

async function head(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
