/** TensorFlow reads models from folders only: a graph goes through one for a moment. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writevSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { GRAPH_TAG } from "./graph-writer.js";
import type { TensorFlowBinding } from "./tensorflow-backend.js";

/** @param model the file's bytes in pieces. @returns its number. @throws Error where TensorFlow refuses it */
export function loadGraph(binding: TensorFlowBinding, model: readonly Uint8Array[]): number {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-graph-"));
  try {
    writePieces(join(folder, "saved_model.pb"), model);
    return binding.loadSavedModel(folder, GRAPH_TAG);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the system takes in one call, on Linux and macOS. */
const MOST_PIECES = 1024;

function writePieces(path: string, pieces: readonly Uint8Array[]): void {
  const file = openSync(path, "w");
  try {
    for (let start = 0; start < pieces.length; start += MOST_PIECES) {
      writeAll(file, pieces.slice(start, start + MOST_PIECES));
    }
  } finally {
    closeSync(file);
  }
}

/** The system may take less than it is offered; then the rest is offered in one piece. */
function writeAll(file: number, pieces: readonly Uint8Array[]): void {
  const all = pieces.reduce((sum, { length }) => sum + length, 0);
  const written = writevSync(file, pieces);
  if (written < all) writeFileSync(file, Buffer.concat(pieces).subarray(written));
}
