/** Which environment is meant: by its name alone, or a cluster with its place. */
import { choiceOption } from "../structures/options.js";
import type { DeploymentEnvironment } from "./deployment-environment.js";
import { ENVIRONMENTS, type CheckedDeployment, type EnvironmentName } from "./deployment-options.js";
import { KubernetesEnvironment } from "./kubernetes/kubernetes-environment.js";
import { checkPlace, type KubernetesPlace } from "./kubernetes/kubernetes-options.js";
import { localEnvironment } from "./local/local-environment.js";

/** Where to look for services: "local", "kubernetes" as kubectl has it now, or a place in a cluster. */
export type EnvironmentChoice = EnvironmentName | ({ environment: "kubernetes" } & KubernetesPlace);

export const nameOf = (choice: EnvironmentChoice): EnvironmentName =>
  choiceOption("environment", typeof choice === "string" ? choice : choice.environment, ENVIRONMENTS);

/** @throws InvalidOption */
export function environmentOf(choice: EnvironmentChoice): DeploymentEnvironment {
  if (nameOf(choice) === "local") return localEnvironment;
  const { environment: _name, ...place } = typeof choice === "string" ? { environment: choice } : choice;
  return new KubernetesEnvironment(checkPlace(place));
}

export const environmentFor = ({ kubernetes }: CheckedDeployment): DeploymentEnvironment =>
  kubernetes === undefined ? localEnvironment : new KubernetesEnvironment(kubernetes.place, kubernetes);
