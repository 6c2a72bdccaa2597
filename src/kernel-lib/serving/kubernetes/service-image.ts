/** The image of a service that is deployed to a cluster: built here, and pushed where the cluster's nodes find it. */
import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { VitrineError } from "../../structures/errors.js";
import { userId } from "../../structures/user-name.js";
import type { Watched } from "../deployment-environment.js";
import { buildImage } from "../docker/docker-image.js";
import { imageFailure } from "../docker/image-failure.js";
import type { DeployableModel } from "../model-versions.js";
import type { ServiceSettings } from "../service-settings.js";
import type { ImageSource } from "./manifests.js";

export interface ImageContent {
  /** Of the service. */
  name: string;
  model: DeployableModel;
  settings: ServiceSettings;
  version: number;
}

/**
 * Its name with a tag.
 * @throws DeploymentFailed where there is no registry, or it can't be built or pushed; its context is kept then
 */
export async function serviceImage(
  content: ImageContent,
  { registry, baseImage }: ImageSource,
  { progress, signal }: Watched,
): Promise<string> {
  const { name, version } = content;
  if (registry === undefined) throw noRegistry(content);
  // A node that has an image of a tag does not look whether it is another by now, and a service of this name may have been here before.
  const tag = `${registry}/${name}:v${version}-${randomBytes(4).toString("hex")}`;
  const context = join(tmpdir(), `vitrine-image-${userId()}`, `${name}-v${version}`);
  const options = {
    tag,
    context,
    push: true,
    progress,
    ...(baseImage !== undefined && { baseImage }),
    ...(signal && { signal }),
  };
  const image = await buildImage(content, options);
  if (image.built) {
    await rm(context, { recursive: true, force: true });
    return tag;
  }
  const reason = `${image.missing}. Its context is kept in ${image.context}`;
  const waysOut = ["Install Docker or podman", `Build and push it elsewhere, and give ${givenImage(content)}`];
  throw imageFailure(name, "build", reason, waysOut);
}

function noRegistry(content: ImageContent): VitrineError {
  const reason = "the cluster needs an image of the model, and there is neither one nor a registry to push it to";
  const waysOut = [
    ...(content.version === 1 ? ['kubernetes: { registry: "registry.example/team" }: it is built and pushed'] : []),
    `${givenImage(content)}, as deployment.buildDockerImage() makes it`,
  ];
  const operation = content.version === 1 ? "The deployment" : "The update";
  return new VitrineError("DeploymentFailed", { name: content.name, operation, reason, waysOut });
}

const givenImage = ({ version }: ImageContent) =>
  version === 1 ? "kubernetes: { image }" : "update(model, { image })";
