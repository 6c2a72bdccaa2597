/** `torch.save` since 1.6: a zip archive with `NAME/data.pkl`, and each storage's bytes in `NAME/data/KEY`. */
import { type Entry, fromBufferPromise, openPromise, type ZipFile } from "yauzl";
import { quote, VitrineError } from "../structures/errors.js";
import type { ByteSource } from "./byte-source.js";
import type { PickleValue } from "./torch-globals.js";
import { unpickle } from "./unpickler.js";

/** A pickle of weights has some hundred bytes a tensor. */
const MAX_PICKLE = 256 * 2 ** 20;

export interface OpenPth {
  root: PickleValue;
  /** All bytes of a storage. */
  readStorage: (key: string, bytes: number) => Promise<Uint8Array>;
}

/** Opens the archive for as long as `use` runs. */
export async function withArchive<T>(
  from: string | Uint8Array,
  source: ByteSource,
  use: (opened: OpenPth) => Promise<T>,
): Promise<T> {
  const options = { autoClose: false, lazyEntries: true };
  const opening = typeof from === "string" ? openPromise(from, options) : fromBufferPromise(Buffer.from(from), options);
  const zip = await opening.catch((cause: unknown) => broken(source.path, cause));
  try {
    return await use(await openArchive(zip, source));
  } finally {
    zip.close();
  }
}

async function openArchive(zip: ZipFile, source: ByteSource): Promise<OpenPth> {
  const entries = await listEntries(zip, source.path);
  const pickle = [...entries.keys()].find((name) => /^([^/]+\/)?data\.pkl$/.test(name));
  if (pickle === undefined)
    return invalid(source.path, "archive", "an entry data.pkl, as torch.save writes it,", "none");
  const folder = pickle.slice(0, -"data.pkl".length);
  const read = (name: string, check: (size: number) => void) => readEntry(zip, source, entries, folder + name, check);
  if (entries.has(`${folder}constants.pkl`)) {
    return invalid(source.path, "archive", "weights by torch.save(model.state_dict())", "a TorchScript program");
  }
  if (entries.has(`${folder}byteorder`)) checkByteOrder(source.path, await read("byteorder", () => undefined));
  const bytes = await read("data.pkl", (size) => {
    if (size > MAX_PICKLE) invalid(source.path, "data.pkl", `at most ${MAX_PICKLE} bytes`, String(size));
  });
  const readStorage = (key: string, expected: number) =>
    read(`data/${key}`, (size) => {
      if (size !== expected) invalid(source.path, `data/${key}`, `${expected} bytes`, String(size));
    });
  return { root: unpickle(source.path, bytes).value, readStorage };
}

async function listEntries(zip: ZipFile, path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  } catch (cause) {
    broken(path, cause);
  }
  return entries;
}

async function readEntry(
  zip: ZipFile,
  source: ByteSource,
  entries: ReadonlyMap<string, Entry>,
  name: string,
  check: (size: number) => void,
): Promise<Uint8Array> {
  const entry = entries.get(name) ?? invalid(source.path, "archive", `an entry ${quote(name)}`, "none");
  // torch never compresses: what is stored can't unfold into more than the file holds.
  if (entry.compressionMethod !== 0 || entry.isEncrypted()) {
    return invalid(source.path, name, "an entry that is stored as it is", "a compressed or encrypted one");
  }
  check(entry.uncompressedSize);
  const header = zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const { fileDataStart } = await header.catch((cause: unknown) => broken(source.path, cause));
  if (fileDataStart + entry.uncompressedSize > source.size) {
    return invalid(source.path, name, `${entry.uncompressedSize} bytes`, "the end of the file");
  }
  return source.read(fileDataStart, entry.uncompressedSize);
}

function checkByteOrder(path: string, record: Uint8Array): void {
  const order = new TextDecoder().decode(record).slice(0, 20);
  if (order !== "little") invalid(path, "byteorder", "little", order);
}

function broken(path: string, cause: unknown): never {
  const received = cause instanceof Error ? cause.message : String(cause);
  throw new VitrineError("InvalidFile", { path, where: "archive", expected: "a zip archive", received }, { cause });
}

function invalid(path: string, where: string, expected: string, received: string): never {
  throw new VitrineError("InvalidFile", { path, where, expected, received });
}
