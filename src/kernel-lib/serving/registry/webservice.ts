/** A service that was made by `Model.deploy`: the documents' words for a deployment, which has all the others. */
import { VitrineError } from "../../structures/errors.js";
import { booleanOption, integerOption, knownOptions } from "../../structures/options.js";
import { Deployment, type UpdateOptions } from "../deployment.js";
import type { EnvironmentChoice } from "../environments.js";
import type { Keys } from "../keys/service-keys.js";
import type { DeployConfiguration } from "./deploy-configuration.js";
import { deployable, type DeployedParts } from "./deployed-parts.js";

/** "Transitioning": being deployed. "Healthy": every replica answers. "Unhealthy": fewer. "Failed": it was not deployed. */
export type WebserviceState = "Transitioning" | "Healthy" | "Unhealthy" | "Failed" | "Stopped";

export interface WaitForDeploymentOptions {
  /** Print each step, those before included. */
  showOutput?: boolean;
}

/** A service that `Model.deploy` has made: a `Deployment` by other words. */
export class Webservice {
  readonly name: string;
  /** All that a deployment can: scale, roll back, rotate keys, load tests. */
  readonly deployment: Deployment;
  private readonly configuration: DeployConfiguration | undefined;
  private readonly lines: string[] = [];
  private show: ((line: string) => void) | undefined;
  private known: WebserviceState = "Transitioning";
  private under: Promise<void> = Promise.resolve();

  /** @internal */
  constructor(deployment: Deployment, configuration?: DeployConfiguration) {
    this.name = deployment.name;
    this.deployment = deployment;
    this.configuration = configuration;
  }

  /** Finds a service again, in another notebook, say. @throws UnknownDeployment */
  static async open(name: string, environment: EnvironmentChoice = "local"): Promise<Webservice> {
    const service = new Webservice(await Deployment.open(name, environment));
    await service.updateDeploymentState();
    return service;
  }

  /** As it was when it was last looked at; `updateDeploymentState()` looks. */
  get state(): WebserviceState {
    return this.known;
  }

  /** Asks the service how it is. @throws UnknownDeployment */
  async updateDeploymentState(): Promise<WebserviceState> {
    if (this.known === "Failed" || (this.known === "Transitioning" && this.configuration)) return this.known;
    const { state } = await this.deployment.status();
    this.known = ({ ready: "Healthy", degraded: "Unhealthy", starting: "Unhealthy", stopped: "Stopped" } as const)[
      state
    ];
    return this.known;
  }

  /**
   * Resolves when every replica answers.
   * @throws DeploymentFailed: with the error, file and line of the script, where that threw in `init()`
   */
  async waitForDeployment(options: WaitForDeploymentOptions = {}): Promise<void> {
    knownOptions("waitForDeployment", options, ["showOutput"]);
    if (booleanOption("showOutput", options.showOutput ?? false)) {
      this.show = (line) => process.stdout.write(`${line}\n`);
      this.lines.splice(0).forEach(this.show);
    }
    await this.under;
  }

  /** Where requests are sent. @throws NotReady before it is deployed */
  get scoringUri(): string {
    return this.deployment.scoringUri;
  }

  /** In clear; known to who has deployed it alone. @throws NotReady */
  getKeys(): Promise<Keys> {
    return this.deployment.getKeys();
  }

  /**
   * What `run()` of the entry script says of an input, read from JSON.
   * @param input text or bytes go as they are, all else as JSON
   * @throws ScoringFailed
   */
  async run(input: unknown, options: { signal?: AbortSignal | undefined } = {}): Promise<unknown> {
    return this.deployment.run(input, options);
  }

  /** The log's last lines, each a JSON object; what the script prints is there too. */
  async getLogs(options: { lines?: number } = {}): Promise<string> {
    knownOptions("getLogs", options, ["lines"]);
    return (await this.deployment.logs({ lines: integerOption("lines", options.lines ?? 100, 1) })).join("\n");
  }

  /**
   * Other models or another script, under the same address, keys and limits, without a lost request.
   * @throws DeploymentFailed, as `Model.deploy`
   */
  async update(parts: DeployedParts, options: UpdateOptions = {}): Promise<void> {
    knownOptions("update", parts, ["models", "inferenceConfig"]);
    await this.deployment.update(await deployable(parts, NO_LIMITS), options);
  }

  /** Ends it and removes all of it; the registered models stay. */
  async delete(): Promise<void> {
    await this.under.catch(() => undefined);
    if (this.known === "Failed") return;
    await this.deployment.delete();
    this.known = "Stopped";
  }

  toString(): string {
    const where = this.known === "Transitioning" || this.known === "Failed" ? "" : ` at ${this.scoringUri}`;
    return `${this.name}: ${this.known}${where}`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** @internal */
  begin(): void {
    const progress = (line: string) => (this.show ? this.show(line) : void this.lines.push(line));
    const { timeout } = this.configuration ?? {};
    this.under = this.deployment.deploy({ progress, ...(timeout !== undefined && { timeout }) }).then(
      () => void (this.known = "Healthy"),
      (error: unknown) => {
        this.known = "Failed";
        throw error;
      },
    );
    // Told to whoever waits for it; `state` has it for who does not.
    this.under.catch(() => undefined);
  }
}

/** A running service keeps the limits that it has. */
const NO_LIMITS = { initTimeout: 100, runTimeout: 10, memory: 64 };

/** @internal */
export async function startWebservice(
  name: string,
  parts: DeployedParts,
  configuration: DeployConfiguration,
  overwrite: boolean,
): Promise<Webservice> {
  const { service, limits } = checkConfiguration(configuration);
  const model = await deployable(parts, limits);
  const deployment = new Deployment({ ...service, name, model });
  if (overwrite && (await deployment.exists())) await deployment.delete();
  const webservice = new Webservice(deployment, configuration);
  webservice.begin();
  return webservice;
}

function checkConfiguration(configuration: DeployConfiguration): DeployConfiguration {
  const given = configuration as Partial<DeployConfiguration> | null;
  if (given?.limits && given.service) return configuration;
  const expected = "what deployConfiguration() returns";
  throw new VitrineError("InvalidOption", { option: "deploymentConfig", expected, received: typeof configuration });
}
