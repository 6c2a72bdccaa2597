/** `node dist/kernel/install.js --prefix <folder>` puts the kernelspec below `<folder>/share/jupyter`. */
import { parseArgs } from "node:util";

import { installKernelSpec } from "./kernelspec.js";

function main(): void {
  const { values } = parseArgs({ options: { prefix: { type: "string" } } });
  if (values.prefix === undefined) {
    process.stderr.write(
      "Expected --prefix <folder>: a virtual environment, or another folder that Jupyter searches\n",
    );
    process.exitCode = 2;
    return;
  }
  process.stdout.write(`${installKernelSpec(values.prefix)}\n`);
}

main();
