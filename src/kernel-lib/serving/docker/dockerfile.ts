/** The Dockerfile of a service. */
import { CONTAINER_PORT } from "../container/image-document.js";
import { NODE_OPTIONS } from "../supervisor/node-options.js";
import { LIBRARY } from "./production-lock.js";

/** Of whom runs in the container; nobody on any machine. */
export const CONTAINER_USER = 10001;

/** Tag of the base image; Debian's C library, which TensorFlow's builds need. */
export const BASE_IMAGE = "docker.io/library/node:22-bookworm-slim";

/** name[:tag]@sha256:64 hexadecimal digits */
export const isPinned = (image: string): boolean => /^[\w.\-/:]+@sha256:[0-9a-f]{64}$/.test(image);

/**
 * @param baseImage pinned by its digest; undefined asks for it at the build: then nothing that a tag means today is built into it unseen
 * @param engine whether TensorFlow is installed in the image; else it computes with WebAssembly
 * @param packages versions by name that an entry script has been deployed with; what they need in turn is as npm finds it at the build
 */
export function dockerfile(
  baseImage: string | undefined,
  { engine, packages = {} }: { engine: boolean; packages?: Readonly<Record<string, string>> },
): string {
  const scripts = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  return `# The base image, pinned by its digest: --build-arg BASE_IMAGE=${BASE_IMAGE}@sha256:…
ARG BASE_IMAGE${baseImage === undefined ? "" : `=${baseImage}`}

# What only the build needs stays in this stage.
FROM \${BASE_IMAGE} AS build
WORKDIR /srv/vitrine
${engine ? COMPILER : ""}COPY app/package.json app/package-lock.json ./
COPY app/${LIBRARY}/package.json ./${LIBRARY}/
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \\
 && find node_modules -type f \\( -name '*.map' -o -name '*.d.ts' \\) -delete
${engine ? ENGINE : ""}${scripts.length > 0 ? scriptPackages(scripts) : ""}
FROM \${BASE_IMAGE}
RUN groupadd --gid ${CONTAINER_USER} vitrine \\
 && useradd --uid ${CONTAINER_USER} --gid ${CONTAINER_USER} --no-create-home --shell /usr/sbin/nologin vitrine
WORKDIR /srv/vitrine
${engine ? "COPY --from=build /srv/libraries /srv/libraries\n" : ""}${scripts.length > 0 ? "COPY --from=build /srv/packages/node_modules /srv/node_modules\n" : ""}COPY --from=build /srv/vitrine ./
COPY app ./
COPY versions /srv/versions
COPY service.json /srv/service.json
ENV NODE_ENV=production
USER ${CONTAINER_USER}:${CONTAINER_USER}
EXPOSE ${CONTAINER_PORT}
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s --retries=3 \\
  CMD ["node", "/srv/vitrine/${LIBRARY}/dist/serving/container/health.js"]
ENTRYPOINT ${JSON.stringify(["node", ...NODE_OPTIONS, `/srv/vitrine/${LIBRARY}/dist/serving/container/main.js`])}
`;
}

/** Of an entry script: Node finds them above the library's own. */
const scriptPackages = (names: readonly string[]) => `WORKDIR /srv/packages
RUN npm install --ignore-scripts --no-audit --no-fund --no-package-lock ${names.map((name) => `'${name}'`).join(" ")}
`;

const COMPILER = `RUN apt-get update \\
 && apt-get install --yes --no-install-recommends ca-certificates g++ python3 python3-pip \\
 && rm -rf /var/lib/apt/lists/*
`;

const ENGINE = `COPY app/scripts ./scripts
ENV XDG_CACHE_HOME=/srv/libraries
# "none" computes with WebAssembly, slower; without TensorFlow and without that word the build fails.
ARG VITRINE_TENSORFLOW=cpu
RUN node scripts/install-engine.mjs \\
 && find /srv/libraries -type f ! -name '*.so*' -delete
`;

/** All but what the Dockerfile copies; of a model every file, hidden ones too, for each has its hash. */
export const DOCKERIGNORE = `*
!app
!versions
!service.json
`;
