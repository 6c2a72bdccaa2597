/** The engine's thread: it alone owns TensorFlow's tensors. One operation at a time, in the order of asking. */
import { parentPort, type MessagePort } from "node:worker_threads";

import { isVitrineError, VitrineError } from "../structures/errors.js";
import { Control, StopRequest } from "./control.js";
import { END, type ErrorMessage, type RequestMessage, type ResponseMessage } from "./messages.js";
import type { OperationContext } from "./operation-context.js";
import { immediateOperations, queuedOperations, type Operation } from "./operations.js";

function serve(port: MessagePort): void {
  let queue = Promise.resolve();
  port.on("message", (message: RequestMessage | typeof END) => {
    if (message === END) {
      // Without its port the thread has nothing to wait for.
      queue = queue.then(() => port.close());
      return;
    }
    const immediate = immediateOperations[message.operation];
    const operation = immediate ?? queuedOperations[message.operation] ?? unknownOperation;
    if (immediate) void answer(port, message, immediate);
    else queue = queue.then(() => answer(port, message, operation));
  });
}

async function answer(port: MessagePort, message: RequestMessage, operation: Operation): Promise<void> {
  const { id, request, flag } = message;
  const send = (response: ResponseMessage, transfer: ArrayBuffer[] = []) => port.postMessage(response, transfer);
  const context: OperationContext = {
    control: new Control(flag),
    report: (event) => send({ id, kind: "event", event }),
  };
  try {
    const result = await operation(request as never, context);
    send({ id, kind: "result", result }, transferable(result));
  } catch (error) {
    send({ id, kind: "error", error: toMessage(message.operation, error) });
  }
}

function unknownOperation(): never {
  throw new Error("no such operation; are the calling thread and the worker of one build?");
}

/** The memory of a matrix goes over without a copy. */
function transferable(result: unknown): ArrayBuffer[] {
  const data = (result as { data?: unknown } | null)?.data;
  return data instanceof Float32Array && data.buffer instanceof ArrayBuffer ? [data.buffer] : [];
}

function toMessage(operation: string, error: unknown): ErrorMessage {
  if (error instanceof StopRequest) {
    const stopped = new VitrineError("Stopped", { operation, kept: "nothing was changed" });
    return { code: stopped.code, details: stopped.details, message: stopped.message };
  }
  if (isVitrineError(error)) return { code: error.code, details: error.details, message: error.message };
  return { message: error instanceof Error ? error.message : String(error) };
}

if (parentPort) serve(parentPort);
