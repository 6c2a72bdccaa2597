/** What a view shows of commands that the kernel has not answered. */
import fc from "fast-check";
import { expect, it } from "vitest";

import type { Receipt } from "../../../src/kernel-lib/protocol/index.js";
import { PendingCommands } from "../../../src/widgets/src/base/pending-commands.js";

interface Sum {
  total: number;
}
/** "toss" is what only the kernel can tell. */
type Command = { add: number } | { toss: number };

const predict = (state: Sum, command: Command) => {
  if ("toss" in command) return undefined;
  return command.add === 0 ? state : { total: state.total + command.add };
};

type Sent = Command & { receipt?: Receipt };

/** A kernel that obeys when it is told to. */
function line() {
  const pending = new PendingCommands<Sum, Command>({ total: 0 }, predict);
  const queue: Sent[] = [];
  const handled: { [view: string]: number } = {};
  let truth = 0;
  return {
    pending,
    queue,
    shown: () => pending.state.value.total,
    truth: () => truth,
    send: (command: Command) => void queue.push(pending.sign(command)),
    /** Does the next command, and says so in one message. */
    answer: () => {
      const command = queue.shift();
      if (!command) return;
      truth += "add" in command ? command.add : command.toss;
      if (command.receipt) handled[command.receipt.view] = command.receipt.number;
      pending.receive({ total: truth }, { ...handled });
    },
  };
}

it("shows at once what a command will do, and not twice when the kernel has done it", () => {
  const { send, shown, answer } = line();
  send({ add: 2 });
  send({ add: 3 });
  expect(shown()).toBe(5);
  answer();
  expect(shown()).toBe(5);
  answer();
  expect(shown()).toBe(5);
});

it("shows nothing of what comes after a command that only the kernel understands, until it has answered that", () => {
  const { send, shown, answer } = line();
  send({ add: 1 });
  send({ toss: 10 });
  send({ add: 2 });
  expect(shown()).toBe(1);
  answer();
  expect(shown()).toBe(1);
  answer();
  expect(shown()).toBe(13);
});

it("gives no receipt to a command of which nothing is seen", () => {
  const { send, queue } = line();
  send({ add: 0 });
  send({ add: 1 });
  expect(queue.map(({ receipt }) => receipt?.number)).toEqual([undefined, 1]);
});

it("takes back what the kernel refused, and all of it when nobody is there to answer", () => {
  const { send, shown, pending, queue } = line();
  send({ add: 1 });
  const { receipt } = queue[0] ?? {};
  pending.receive({ total: 0 }, receipt && { [receipt.view]: receipt.number });
  expect(shown()).toBe(0);
  send({ add: 4 });
  pending.clear();
  expect([shown(), pending.unanswered.value]).toEqual([0, 0]);
});

it("says which command has waited longest", () => {
  const { send, answer, pending } = line();
  expect(pending.unanswered.value).toBe(0);
  send({ add: 1 });
  send({ toss: 3 });
  expect(pending.unanswered.value).toBe(1);
  answer();
  expect(pending.unanswered.value).toBe(2);
  answer();
  expect(pending.unanswered.value).toBe(0);
});

it("is not taken in by another view's receipts", () => {
  const { send, shown, pending } = line();
  send({ add: 1 });
  pending.receive({ total: 0 }, { another: 7 });
  expect(shown()).toBe(1);
  pending.receive({ total: 0 }, undefined);
  expect(shown()).toBe(1);
});

it("ends at the kernel's truth, however slow the line is, and is never further from it than what is under way", () => {
  const command: fc.Arbitrary<Command | "answer"> = fc.oneof(
    fc.record({ add: fc.nat(3) }),
    fc.record({ toss: fc.nat(9) }),
    fc.constant("answer" as const),
  );
  fc.assert(
    fc.property(fc.array(command), (steps) => {
      const { send, answer, shown, truth, queue } = line();
      for (const step of steps) {
        if (step === "answer") answer();
        else send(step);
        const known = queue.findIndex((one) => "toss" in one);
        const seen = known < 0 ? queue : queue.slice(0, known);
        expect(shown()).toBe(truth() + seen.reduce((sum, one) => sum + ("add" in one ? one.add : 0), 0));
      }
      while (queue.length > 0) answer();
      expect(shown()).toBe(truth());
    }),
  );
});
