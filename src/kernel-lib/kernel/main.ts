/** The process that Jupyter starts: `node dist/kernel/main.js <connection file>`. */
import { readConnection } from "./connection.js";
import { hidePromiseInternals } from "./inspection.js";
import { Kernel } from "./kernel.js";
import { installModuleFallback } from "./module-fallback.js";
import { exitProcess } from "./process-end.js";
import { hideKernelFrames } from "./stack-frames.js";

/** Frames of the kernel are left out of stacks, so more than V8's ten are kept. */
const STACK_FRAMES = 50;

function main(): void {
  const file = process.argv[2];
  if (file === undefined) {
    process.stderr.write("Usage: node main.js <connection file>. Jupyter starts this; see the kernelspec.\n");
    process.exitCode = 2;
    return;
  }
  Error.stackTraceLimit = STACK_FRAMES;
  hideKernelFrames();
  hidePromiseInternals();
  installModuleFallback();
  const kernel = new Kernel(readConnection(file), process.cwd());
  kernel.start().catch((error: unknown) => {
    kernel.log(`the kernel could not start: ${String(error)}`);
    exitProcess(1);
  });
}

main();
