/** Binary values of a widget's state: taken out before JSON, put back after it (widget protocol 2.1, "buffer_paths"). */
import type { JsonObject, JsonValue } from "./port.js";

/** A state value: JSON, with bytes anywhere in it. Views other than `Uint8Array` travel as their bytes alone. */
export type StateValue =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly StateValue[]
  | { readonly [key: string]: StateValue | undefined };

export interface SplitState {
  json: JsonObject;
  paths: (string | number)[][];
  buffers: Uint8Array[];
}

/** Removes bytes: from an object its key is left out, in an array `null` takes its place, as ipywidgets does it. */
export function splitBuffers(state: object): SplitState {
  const paths: (string | number)[][] = [];
  const buffers: Uint8Array[] = [];
  const visit = (value: unknown, path: (string | number)[]): JsonValue | undefined => {
    if (ArrayBuffer.isView(value)) {
      paths.push(path);
      buffers.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      return undefined;
    }
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]) ?? null);
    if (value !== null && typeof value === "object") {
      const json: JsonObject = {};
      for (const [key, item] of Object.entries(value)) {
        const kept = visit(item, [...path, key]);
        if (kept !== undefined) put(json, key, kept);
      }
      return json;
    }
    return value as JsonValue | undefined;
  };
  return { json: visit(state, []) as JsonObject, paths, buffers };
}

/** Puts bytes back where `paths` say; a path that leads nowhere is ignored. */
export function joinBuffers(
  json: JsonObject,
  paths: readonly (readonly (string | number)[])[],
  buffers: readonly Uint8Array[],
): { [key: string]: StateValue } {
  const state = structuredClone(json) as { [key: string]: StateValue };
  paths.forEach((path, index) => {
    const buffer = buffers[index];
    const key = path.at(-1);
    let target: unknown = state;
    for (const step of path.slice(0, -1)) {
      target = isContainer(target) && Object.hasOwn(target, step) ? target[step] : undefined;
    }
    if (buffer && key !== undefined && isContainer(target)) put(target, key, buffer);
  });
  return state;
}

/** Also for a key such as `__proto__`: a label may be called anything. */
function put(target: object, key: string | number, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

const isContainer = (value: unknown): value is { [key: string | number]: unknown } =>
  value !== null && typeof value === "object" && !(value instanceof Uint8Array);
