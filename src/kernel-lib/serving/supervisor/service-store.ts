/** Where a service's state is kept: in a folder of this machine, or, in a container, nowhere but in the process. */
import type { KeysDocument } from "../keys/service-keys.js";
import type { DeploymentDocument, ServiceDocument } from "../service-settings.js";

export interface ServiceStore {
  /** For messages: where it is. */
  readonly path: string;
  /** Folder of the model's versions. */
  readonly versions: string;
  /** Path of the log; undefined: standard output. */
  readonly log: string | undefined;
  /** The owner's key where it comes from outside; undefined: a new one for each start. */
  readonly ownerToken?: string | undefined;
  /** Path of the socket that obeys orders; undefined: there is none. */
  controlSocket(): Promise<string | undefined>;
  readDeployment(): Promise<DeploymentDocument | undefined>;
  readKeys(): Promise<KeysDocument | undefined>;
  writeDeployment(document: DeploymentDocument): Promise<void>;
  writeKeys(document: KeysDocument): Promise<void>;
  writeService(document: ServiceDocument): Promise<void>;
}
