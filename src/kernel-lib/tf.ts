/** Placeholder until the engine's room fills it. */
export {};
