/** The tensors in what a pickle holds: a dict of names and tensors, or one that lies in a checkpoint under a usual key. */
import { VitrineError } from "../structures/errors.js";
import { type PickleValue, shown, TensorReference } from "./torch-globals.js";

/** Under which training programs keep a model's weights beside the optimiser's state and the epoch; averaged weights last. */
const KEYS = [
  "state_dict",
  "model_state_dict",
  "model",
  "net",
  "module",
  "weights",
  "params",
  "ema_state_dict",
  "model_ema",
];

/** @throws InvalidFile where there are no tensors to be found */
export function stateDict(path: string, root: PickleValue): Map<string, TensorReference> {
  const direct = tensorsOf(root);
  if (direct.size > 0) return direct;
  for (const key of root instanceof Map ? KEYS : []) {
    const nested = tensorsOf((root as Map<PickleValue, PickleValue>).get(key) ?? null);
    if (nested.size > 0) return nested;
  }
  const received =
    root instanceof Map ? `a dict with the keys ${[...root.keys()].slice(0, 8).map(shown).join(", ")}` : shown(root);
  const expected = `a dict of names and tensors, or one under ${KEYS.join(", ")},`;
  throw new VitrineError("InvalidFile", { path, where: "pickle", expected, received });
}

function tensorsOf(value: PickleValue): Map<string, TensorReference> {
  const tensors = new Map<string, TensorReference>();
  if (!(value instanceof Map)) return tensors;
  for (const [name, item] of value) {
    if (typeof name === "string" && item instanceof TensorReference) tensors.set(name, item);
  }
  return tensors;
}
