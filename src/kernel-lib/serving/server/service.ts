/** What the HTTP side needs to know of the service behind it. */
import type { ServedModelMetadata } from "../models/served-model.js";
import type { KeyRing } from "../keys/service-keys.js";
import type { ServiceSettings } from "../service-settings.js";
import type { Dispatcher } from "../supervisor/dispatcher.js";

export interface Service {
  readonly name: string;
  readonly settings: ServiceSettings;
  readonly dispatcher: Dispatcher;
  readonly keys: KeyRing;
  /** Of the model, once a replica has told. */
  readonly metadata: ServedModelMetadata | undefined;
  readonly version: number;
  readonly startedAt: number;
  readonly restarts: number;
  replicas(): { ready: number; wanted: number };
}
