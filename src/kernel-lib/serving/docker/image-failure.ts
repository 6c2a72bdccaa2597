import { VitrineError } from "../../structures/errors.js";

/** @param step of the image's making: "build" or "push" */
export const imageFailure = (service: string, step: string, reason: string, waysOut: readonly string[]): VitrineError =>
  new VitrineError("DeploymentFailed", {
    name: service,
    operation: `The ${step} of the image`,
    reason,
    waysOut,
    kind: "image-build",
  });
