/**
 * Installs the engine alone, beside the packages that `npm ci` has put there: for an image, which has no workshop around it. Fails where
 * TensorFlow can't be had, unless VITRINE_TENSORFLOW=none says that it needn't: an image that is slow must have been asked for.
 */
import { chooseTensorFlow } from "./steps/engine/choose.mjs";
import { engineStep } from "./steps/engine.mjs";

const outcome = await engineStep.run((line) => {
  console.log(line);
});
console.log(outcome);
if (outcome.startsWith("WebAssembly") && chooseTensorFlow().variant !== "none") process.exitCode = 1;
