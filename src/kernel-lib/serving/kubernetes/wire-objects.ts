/**
 * Kubernetes' objects as they go over the wire. The client declares them as classes, with dates in place of texts and a few fields renamed;
 * these are the same fields as plain JSON.
 */
import type * as Client from "@kubernetes/client-node";

type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Field in keyof T as Field extends `_${infer Name}` ? Name : Field]: Wire<T[Field]> }
      : T;

export type CoreV1Event = Wire<Client.CoreV1Event>;
export type V1Container = Wire<Client.V1Container>;
export type V1ContainerStatus = Wire<Client.V1ContainerStatus>;
export type V1Deployment = Wire<Client.V1Deployment>;
export type V1DeploymentCondition = Wire<Client.V1DeploymentCondition>;
export type V1Job = Wire<Client.V1Job>;
export type V1NetworkPolicy = Wire<Client.V1NetworkPolicy>;
export type V1Pod = Wire<Client.V1Pod>;
export type V1PodDisruptionBudget = Wire<Client.V1PodDisruptionBudget>;
export type V1PodSpec = Wire<Client.V1PodSpec>;
export type V1Secret = Wire<Client.V1Secret>;
export type V1Service = Wire<Client.V1Service>;
export type V2HorizontalPodAutoscaler = Wire<Client.V2HorizontalPodAutoscaler>;
