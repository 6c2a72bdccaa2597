/** The published declarations under TypeScript 5.0.4, as `npm test` checks them. */
import { checkDeclarations } from "./declarations.mjs";
import { runScript } from "./set-up-error.mjs";

await runScript(async () => {
  const errors = await checkDeclarations();
  for (const error of errors) console.error(error);
  console.log(`declarations under TypeScript 5.0.4: ${errors.length} errors`);
  return errors.length > 0 ? 1 : 0;
});
