/** `npm run layers`: who may import whom. */
import { checkLayers } from "./layer-check.mjs";
import { root } from "./places.mjs";
import { runScript } from "./set-up-error.mjs";

await runScript(async () => {
  const { modules, violations } = await checkLayers(root);
  for (const { rule, from, to } of violations) console.error(`${rule}: ${from} → ${to}`);
  console.log(`${modules} modules, ${violations.length} violations`);
  return violations.length > 0 ? 1 : 0;
});
