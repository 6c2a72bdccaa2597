/**
 * A trained model as a service.
 *
 * ```ts
 * const deployment = new Deployment({ name: "tableware", model, replicas: 2 });
 * await deployment.deploy();
 * deployment.scoringUri;                                  // http://127.0.0.1:PORT/score
 * TransferLearningModel.parseSerializedResult(await deployment.scoreImage("bowl.jpg"));
 * await deployment.delete();
 * ```
 *
 * The service outlives the notebook: `Deployment.open("tableware")` finds it again.
 */
import { VitrineError } from "../structures/errors.js";
import { effectiveSignal } from "../structures/interrupt.js";
import { choiceOption, integerOption, knownOptions } from "../structures/options.js";
import { runInput, scorePictures, type ScoreImageOptions, type ServiceEndpoint } from "./client/scoring-client.js";
import type { PictureSource } from "./client/picture-source.js";
import { Snippets } from "./client/snippets.js";
import type { DeploymentEnvironment, ServiceAddress, Watched } from "./deployment-environment.js";
import {
  checkDeploymentOptions,
  checkModel,
  checkName,
  READY_WITHIN,
  type CheckedDeployment,
  type DeploymentOptions,
  type EnvironmentName,
} from "./deployment-options.js";
import { buildImage, type DockerImage, type DockerImageOptions } from "./docker/docker-image.js";
import { environmentFor, environmentOf, nameOf, type EnvironmentChoice } from "./environments.js";
import { KEY_NAMES, type KeyName, type Keys } from "./keys/service-keys.js";
import type { LoadReport } from "./load-test/load-report.js";
import { runLoadTest } from "./load-test/load-test.js";
import type { LoadTestOptions } from "./load-test/load-test-options.js";
import { servedVersion } from "./local/local-environment.js";
import type { DeployableModel } from "./model-versions.js";
import { DeploymentStatus } from "./deployment-status.js";

export interface WaitOptions {
  /** Gets a line for each step; they are printed by default, null keeps silent. */
  progress?: ((line: string) => void) | null | undefined;
  signal?: AbortSignal | undefined;
  /** Milliseconds until the service must be ready; 120,000 by default, in a cluster, whose nodes pull an image first, 600,000. */
  timeout?: number;
}

export interface UpdateOptions extends WaitOptions {
  /** In a cluster: an image of the new model, made and pushed already. */
  image?: string;
}

/** A service that is there already; `Deployment.open` makes it. */
export interface FoundDeployment {
  found: string;
  environment: EnvironmentChoice;
  uri: string;
}

const WAIT_OPTIONS = ["progress", "signal", "timeout"];

/**
 * A trained model as a service, on this machine or in a cluster. It outlives the notebook; `Deployment.open(name)` finds it again.
 *
 * ```ts
 * const deployment = new Deployment({ name: "tableware", model, replicas: 2 });
 * await deployment.deploy();
 * await deployment.scoreImage("bowl.jpg");
 * await deployment.delete();
 * ```
 */
export class Deployment {
  readonly name: string;
  readonly environment: EnvironmentName;
  private readonly checked: CheckedDeployment | undefined;
  private readonly place: DeploymentEnvironment;
  private keys: Partial<Keys> | undefined;
  private uri: string | undefined;

  /** Nothing is started yet. @throws InvalidOption */
  constructor(options: DeploymentOptions | FoundDeployment) {
    if ("found" in options) {
      this.name = options.found;
      this.environment = nameOf(options.environment);
      this.place = environmentOf(options.environment);
      this.uri = options.uri;
    } else {
      this.checked = checkDeploymentOptions(options);
      this.name = this.checked.name;
      this.environment = this.checked.environment;
      this.place = environmentFor(this.checked);
    }
  }

  /**
   * Writes the model as version 1, starts the service, and waits until all replicas can score; in a cluster, by an image that is given or
   * built and pushed first.
   * @throws DeploymentFailed where there is one of that name, its port is taken or it can't start, and nothing is left of it then;
   *   CannotWrite, NotReady where the model is not trained, Stopped
   */
  async deploy(options: WaitOptions = {}): Promise<void> {
    const { checked } = this;
    if (!checked) {
      const waysOut = ["deployment.update(model) to serve another model", "deployment.start() where it is stopped"];
      throw new VitrineError("DeploymentFailed", {
        name: this.name,
        operation: "The deployment",
        reason: "it is deployed already",
        waysOut,
      });
    }
    this.keys = await this.place.deploy(this.name, checked.model, checked.settings, this.watched("deploy", options));
    if (checked.settings.keys === "none") this.keys = {};
    this.uri = (await this.place.status(this.name)).uri;
  }

  /** Where pictures are sent. @throws NotReady before `deploy()` */
  get scoringUri(): string {
    if (this.uri !== undefined && this.uri !== "") return `${this.uri}/score`;
    throw new VitrineError("NotReady", { operation: "scoringUri", reason: "the service has not been deployed" });
  }

  /**
   * The keys in clear, for those who may ask the service. Only their hashes are kept, so they are known to the object that has
   * deployed it alone: write them down where secrets are kept.
   * @throws NotReady where they are not known here; `rotateKey` makes a new one
   */
  getKeys(): Promise<Keys> {
    const { primary, secondary } = this.keys ?? {};
    if (primary !== undefined && secondary !== undefined) return Promise.resolve({ primary, secondary });
    const reason = this.keys
      ? "the service asks for no key, or one was revoked"
      : 'only their hashes are kept, and this object has not made them; rotateKey("secondary") makes a new one';
    return Promise.reject(new VitrineError("NotReady", { operation: "getKeys", reason }));
  }

  /** Replaces a key; the old one is refused at once, the other goes on. The new one is shown here only. */
  async rotateKey(name: KeyName): Promise<string> {
    const key = await this.place.rotateKey(this.name, choiceOption("name", name, KEY_NAMES));
    this.keys = { ...this.keys, [name]: key };
    return key;
  }

  /** From now on nobody has this key. */
  async revokeKey(name: KeyName): Promise<void> {
    await this.place.revokeKey(this.name, choiceOption("name", name, KEY_NAMES));
    const { [name]: _revoked, ...rest } = this.keys ?? {};
    this.keys = rest;
  }

  /** How the service and its replicas are; shows itself as a table. @throws UnknownDeployment */
  async status(): Promise<DeploymentStatus> {
    const status = await this.place.status(this.name);
    // A load balancer gets its address after a while.
    if (status.uri !== "") this.uri = status.uri;
    return new DeploymentStatus(status);
  }

  /** Whether there is a service of this name, running or not. */
  exists(): Promise<boolean> {
    return this.place.exists(this.name);
  }

  /** The last lines of its log, each a JSON object; without keys and pictures. */
  async logs(options: { lines?: number } = {}): Promise<string[]> {
    knownOptions("logs", options, ["lines"]);
    return this.place.logs(this.name, integerOption("lines", options.lines ?? 100, 1));
  }

  /** Another number of replicas, without a lost request. */
  async scale(replicas: number, options: WaitOptions = {}): Promise<void> {
    await this.place.scale(this.name, integerOption("replicas", replicas, 1, 64), this.watched("scale", options));
  }

  /**
   * Serves another model under the same address and keys. The new replicas are started and tried before the old ones finish what they
   * have, so no request is lost; where the new model can't be served, the old one goes on.
   */
  async update(model: DeployableModel, options: UpdateOptions = {}): Promise<void> {
    const { image, ...waiting } = options;
    await this.place.update(this.name, checkModel(model), { ...this.watched("update", waiting), image });
  }

  /** Serves the version before this one again, as an update does. */
  async rollback(options: WaitOptions = {}): Promise<void> {
    await this.place.rollback(this.name, this.watched("rollback", options));
  }

  /** Starts a stopped service again, after the machine was restarted, say: with its model, keys and address. */
  async start(options: WaitOptions = {}): Promise<void> {
    await this.place.start(this.name, this.watched("start", options));
    this.uri = (await this.place.status(this.name)).uri;
  }

  /** Ends its processes; all else stays. */
  async stop(): Promise<void> {
    await this.place.stop(this.name);
  }

  /** Ends the service and removes all of it, models and keys included. @throws UnknownDeployment */
  async delete(): Promise<void> {
    await this.place.delete(this.name);
    this.uri = undefined;
    this.keys = undefined;
  }

  /**
   * What the service says of a picture: JSON as text, for a model's `parseSerializedResult`. Given a list, a list.
   * @throws ScoringFailed, and what reading a picture does
   */
  async scoreImage(source: PictureSource, options?: ScoreImageOptions): Promise<string>;
  async scoreImage(source: readonly PictureSource[], options?: ScoreImageOptions): Promise<string[]>;
  async scoreImage(
    source: PictureSource | readonly PictureSource[],
    options: ScoreImageOptions = {},
  ): Promise<string | string[]> {
    const results = await scorePictures(await this.endpoint(), asList(source), options);
    return isList(source) ? results : (results[0] ?? "");
  }

  /**
   * What a service answers to an input, read from JSON: of one with an entry script, what its `run()` returns.
   * @param input text or bytes go as they are, all else as JSON
   * @throws ScoringFailed
   */
  async run(input: unknown, options: { signal?: AbortSignal | undefined } = {}): Promise<unknown> {
    knownOptions("run", options, ["signal"]);
    return runInput(await this.endpoint(), input, options);
  }

  /**
   * Measures the service under load: what it answers, how fast, and what that costs its processes; live in a notebook. The report shows
   * itself as a cell's value.
   * @throws InvalidOption, and what reading a picture does
   */
  async loadTest(options: LoadTestOptions = {}): Promise<LoadReport> {
    return runLoadTest(await this.endpoint(), options, () => this.place.status(this.name));
  }

  /** How others ask the service: curl, Python, TypeScript. */
  async snippets(): Promise<Snippets> {
    const { uri, script } = await this.place.status(this.name);
    // A cluster's way in from here is this process's alone.
    const needsKey = this.environment === "kubernetes" || (await this.address()).key !== undefined;
    return new Snippets(`${uri}/score`, needsKey, script);
  }

  /**
   * Writes a folder from which an image of this service is built, and builds it where Docker or podman is; else says what is missing and
   * which commands are left to run. The image holds the model and the part of the library that serves it, and runs as nobody.
   * @throws DeploymentFailed where the build fails, and the folder is kept; InvalidOption, CannotWrite
   */
  async buildDockerImage(options: DockerImageOptions = {}): Promise<DockerImage> {
    const { checked, name } = this;
    if (checked) return buildImage({ name, model: checked.model, settings: checked.settings }, options);
    if (this.environment === "local") return buildImage({ name, ...(await servedVersion(name)) }, options);
    const reason = "the model of a service that was found in a cluster is in its image alone";
    throw new VitrineError("NotReady", { operation: "buildDockerImage", reason });
  }

  /** Finds a service again that another notebook, or this one before it was restarted, has deployed. @throws UnknownDeployment */
  static async open(name: string, environment: EnvironmentChoice = "local"): Promise<Deployment> {
    const { uri } = await environmentOf(environment).status(checkName(name));
    return new Deployment({ found: name, environment, uri });
  }

  /** All services of this user. */
  static async list(environment: EnvironmentChoice = "local"): Promise<DeploymentStatus[]> {
    return (await environmentOf(environment).list()).map((status) => new DeploymentStatus(status));
  }

  static exists(name: string, environment: EnvironmentChoice = "local"): Promise<boolean> {
    return environmentOf(environment).exists(checkName(name));
  }

  /** Whether there was one. */
  static async deleteIfExists(name: string, environment: EnvironmentChoice = "local"): Promise<boolean> {
    const place = environmentOf(environment);
    if (!(await place.exists(checkName(name)))) return false;
    await place.delete(name);
    return true;
  }

  /** Asks any service that speaks the documents' wire form. @param url with its path, as `scoringUri` has it */
  static async scoreExistingService(
    source: PictureSource,
    url: string,
    options?: ScoreImageOptions & ExistingServiceOptions,
  ): Promise<string>;
  static async scoreExistingService(
    source: readonly PictureSource[],
    url: string,
    options?: ScoreImageOptions & ExistingServiceOptions,
  ): Promise<string[]>;
  static async scoreExistingService(
    source: PictureSource | readonly PictureSource[],
    url: string,
    options: ScoreImageOptions & ExistingServiceOptions = {},
  ): Promise<string | string[]> {
    // The documents' client takes the key there.
    if (typeof options !== "object") {
      const expected = "an object, { serviceKey } say,";
      throw new VitrineError("InvalidOption", { option: "options", expected, received: `a ${typeof options}` });
    }
    const { serviceKey, ca, ...rest } = options;
    const results = await scorePictures({ url, key: serviceKey, ca }, asList(source), rest);
    return isList(source) ? results : (results[0] ?? "");
  }

  /** Without the keys: what a cell shows is saved with the notebook. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const where = this.uri === undefined ? "not deployed by this object yet" : this.scoringUri;
    return `Deployment ${this.name} (${this.environment}): ${where}; await deployment.status() says how it is`;
  }

  /** @internal */
  address(): Promise<ServiceAddress> {
    return this.place.address(this.name);
  }

  private async endpoint(): Promise<ServiceEndpoint> {
    const { uri, ...rest } = await this.address();
    return { url: `${uri}/score`, ...rest };
  }

  private watched(call: string, options: WaitOptions): Watched {
    knownOptions(call, options, WAIT_OPTIONS);
    const timeout = integerOption("timeout", options.timeout ?? READY_WITHIN[this.environment], 100);
    const silent = () => undefined;
    const print = (line: string) => process.stdout.write(`${line}\n`);
    const progress = options.progress === null ? silent : (options.progress ?? print);
    return { progress, timeout, signal: effectiveSignal(options.signal) };
  }
}

export interface ExistingServiceOptions {
  serviceKey?: string;
  /** PEM of whom to trust beside the usual. */
  ca?: string;
}

const isList = (source: PictureSource | readonly PictureSource[]): source is readonly PictureSource[] =>
  Array.isArray(source);
const asList = (source: PictureSource | readonly PictureSource[]) => (isList(source) ? source : [source]);
