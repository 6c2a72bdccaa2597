/**
 * What TensorFlow 2 writes beside its variables: which object has which. Field numbers are those of trackable_object_graph.proto,
 * https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/trackable_object_graph.proto
 */
import { VitrineError } from "../structures/errors.js";
import { ByteReader, messagesOf, protobufFields, type RejectBytes } from "./protobuf-reader.js";

/** The entry of a checkpoint that has it. */
export const OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH";

/**
 * The variables' own names by the keys that a checkpoint has them under; a name that two of them have is left out.
 * @param bytes a text as the tensor bundle stores it: its length, that length's checksum, the text
 */
export function objectNames(path: string, bytes: Uint8Array): Map<string, string> {
  const reject: RejectBytes = (expected, received) => {
    throw new VitrineError("InvalidFile", { path, where: OBJECT_GRAPH, expected, received });
  };
  const reader = new ByteReader(bytes, reject);
  const length = reader.count();
  reader.take(4);
  const names = new Map<string, string>();
  const seen = new Map<string, number>();
  // TrackableObjectGraph: nodes = 1; TrackableObject: attributes = 2; SerializedTensor: full_name = 2, checkpoint_key = 3.
  for (const node of messagesOf(protobufFields(reader.take(length), reject), 1)) {
    for (const attribute of messagesOf(protobufFields(node, reject), 2)) {
      const fields = protobufFields(attribute, reject);
      const [name = "", key = ""] = [2, 3].map((field) => new TextDecoder().decode(messagesOf(fields, field).at(-1)));
      if (name === "" || names.has(key)) continue;
      names.set(key, name);
      seen.set(name, (seen.get(name) ?? 0) + 1);
    }
  }
  return new Map([...names].filter(([, name]) => seen.get(name) === 1));
}
