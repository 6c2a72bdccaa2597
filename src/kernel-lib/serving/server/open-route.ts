/** Routes that answer without a key: whether the service is well, and how to ask it. They tell nothing of the model. */

declare module "fastify" {
  interface FastifyContextConfig {
    open?: boolean;
  }
}

export const OPEN = { config: { open: true } };
