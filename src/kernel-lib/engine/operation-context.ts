/** What an operation in the worker may use besides its request. */
import type { Control } from "./control.js";
import type { EngineEvent } from "./messages.js";

export interface OperationContext {
  control: Control;
  report: (event: EngineEvent) => void;
}
