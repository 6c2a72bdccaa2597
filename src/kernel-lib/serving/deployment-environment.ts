/** What a place to run services in has to offer; a `Deployment` asks nothing else of it. */
import type { KeyName, Keys } from "./keys/service-keys.js";
import type { DeployableModel } from "./model-versions.js";
import type { ServiceSettings } from "./service-settings.js";
import type { ServiceStatus } from "./service-status.js";

/** Gets a line for each step. */
export type Progress = (line: string) => void;

export interface Watched {
  progress: Progress;
  signal: AbortSignal | undefined;
  /** Milliseconds until the service must be ready. */
  timeout: number;
  /** Of the new model, where a cluster is given one that is made already. */
  image?: string | undefined;
}

/** How to reach a service's HTTP side. */
export interface ServiceAddress {
  /** Without a path. */
  uri: string;
  /** A key, where one is needed. */
  key: string | undefined;
  /** PEM of whom to trust beside the usual. */
  ca: string | undefined;
  /** false: each request by a connection of its own, for it is the connection that chooses a replica; one that is kept would stay with an old one. */
  keepAlive?: boolean;
}

export interface DeploymentEnvironment {
  /** @throws DeploymentFailed where there is one of that name, or it does not become ready; nothing is left of it then */
  deploy(name: string, model: DeployableModel, settings: ServiceSettings, watched: Watched): Promise<Keys>;
  /** @throws UnknownDeployment */
  status(name: string): Promise<ServiceStatus>;
  exists(name: string): Promise<boolean>;
  list(): Promise<ServiceStatus[]>;
  /** Of whoever may: with a key of its own. @throws UnknownDeployment, NotReady where it is stopped */
  address(name: string): Promise<ServiceAddress>;
  /** The last lines. */
  logs(name: string, lines: number): Promise<string[]>;
  start(name: string, watched: Watched): Promise<void>;
  stop(name: string): Promise<void>;
  scale(name: string, replicas: number, watched: Watched): Promise<void>;
  update(name: string, model: DeployableModel, watched: Watched): Promise<void>;
  rollback(name: string, watched: Watched): Promise<void>;
  rotateKey(name: string, key: KeyName): Promise<string>;
  revokeKey(name: string, key: KeyName): Promise<void>;
  delete(name: string): Promise<void>;
}
