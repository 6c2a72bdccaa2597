/**
 * How Node runs a service's own process. V8 takes the bodies of requests for growth of the old generation until a collection of the young
 * one frees them: with the 16 MiB that are usual it went through the whole heap twice a second under load, with 2 it does so once in two.
 */
export const NODE_OPTIONS: readonly string[] = ["--max-semi-space-size=2"];
