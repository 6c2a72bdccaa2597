/** `npx vitrine …`: what the library does without a notebook. A command is a file beside this one that exports its `Command`. */
import { Command } from "commander";

import { isVitrineError } from "../structures/errors.js";
import { annotateCommand } from "./annotate.js";
import { doctorCommand } from "./doctor.js";
import { exportCommand } from "./export.js";
import { infoCommand } from "./info.js";
import { loadTestCommand } from "./load-test.js";
import { scoreBatchCommand } from "./score-batch.js";
import { packageVersion } from "../engine/package-folder.js";

/** Exit status of a command that was refused or failed; wrong usage is commander's own 1. */
const FAILED = 2;

function program(): Command {
  return new Command("vitrine")
    .description("Computer vision in a notebook: what it does without one")
    .version(packageVersion())
    .addCommand(annotateCommand())
    .addCommand(doctorCommand())
    .addCommand(exportCommand())
    .addCommand(infoCommand())
    .addCommand(loadTestCommand())
    .addCommand(scoreBatchCommand());
}

/** What the library calls an option, and what it is called here. */
const FLAGS: readonly (readonly [string, string])[] = [
  ["allowRemote: true", "--allow-remote"],
  ["{ overwrite: true }", "--overwrite"],
  ["for kubernetes.claim", "for --claim"],
  ["for model but received undefined", "for --model but received nothing"],
];

/** Refusals say all in their sentence; of anything else the stack may help. */
function reportFailure(error: unknown): void {
  process.stderr.write(`${isVitrineError(error) ? `error: ${inFlags(error.message)}` : stackOf(error)}\n`);
  process.exitCode ??= FAILED;
}

const inFlags = (sentence: string): string =>
  FLAGS.reduce((text, [option, flag]) => text.replace(option, flag), sentence);

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** `vitrine … | head` has read enough: no reason to complain. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

for (const stream of [process.stdout, process.stderr]) stream.on("error", endWithReader);
program().parseAsync().catch(reportFailure);
