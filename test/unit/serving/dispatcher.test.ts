/** The one queue of a service: bounded, fair, and patient with replicas that end. */
import { describe, expect, it } from "vitest";

import { Dispatcher } from "../../../src/kernel-lib/serving/supervisor/dispatcher.js";
import { StandInReplica } from "./stand-in-replica.js";

const item = { picture: Buffer.from("a picture") };
const never = () => new AbortController().signal;
const submitOne = (dispatcher: Dispatcher, signal = never()) => {
  const [job] = dispatcher.submit([item], signal);
  if (!job) throw new Error("no job");
  // Looked at later.
  job.catch(() => undefined);
  return job;
};

describe("Dispatcher", () => {
  it("takes no more than its queue holds, and says when to come again", () => {
    const dispatcher = new Dispatcher({ queueSize: 3, perReplica: 1 });
    for (let i = 0; i < 3; i++) void submitOne(dispatcher);
    expect(dispatcher.full).toBe(true);
    expect(() => dispatcher.submit([item], never())).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ status: 503, retryAfter: 3 }) as unknown }) as Error,
    );
    expect(dispatcher.waiting).toBe(3);
  });

  it("takes a list whole or not at all", () => {
    const dispatcher = new Dispatcher({ queueSize: 3, perReplica: 1 });
    for (let i = 0; i < 2; i++) void submitOne(dispatcher);
    expect(() => dispatcher.submit([item, item], never())).toThrow(/as much to do/);
    expect(dispatcher.waiting).toBe(2);
    expect(() => dispatcher.submit([item, item, item, item], never())).toThrow(/at most 3 pictures/);
  });

  it("gives work to whoever has least", async () => {
    const dispatcher = new Dispatcher({ queueSize: 10, perReplica: 2 });
    const [a, b] = [new StandInReplica(), new StandInReplica()];
    dispatcher.add(a.process);
    dispatcher.add(b.process);
    const jobs = Array.from({ length: 5 }, () => submitOne(dispatcher));
    expect([a.load, b.load, dispatcher.waiting]).toEqual([2, 2, 1]);
    b.jobs.slice().forEach((job) => b.finish(job));
    await jobs[1];
    expect([a.load, b.load, dispatcher.waiting]).toEqual([2, 1, 0]);
  });

  it("gives what an ended replica had to another, before what came later", async () => {
    const dispatcher = new Dispatcher({ queueSize: 10, perReplica: 2 });
    const dying = new StandInReplica();
    dispatcher.add(dying.process);
    const jobs = Array.from({ length: 3 }, () => submitOne(dispatcher));
    const order = dying.jobs.map(({ id }) => id);
    dying.die();
    const next = new StandInReplica();
    dispatcher.add(next.process);
    expect(next.jobs.map(({ id }) => id)).toEqual(order);
    while (next.jobs[0]) next.finish(next.jobs[0]);
    await expect(Promise.all(jobs)).resolves.toHaveLength(3);
  });

  it("gives a picture that took two replicas with it no third", async () => {
    const dispatcher = new Dispatcher({ queueSize: 10, perReplica: 2 });
    const job = submitOne(dispatcher);
    for (let i = 0; i < 2; i++) {
      const replica = new StandInReplica();
      dispatcher.add(replica.process);
      expect(replica.load).toBe(1);
      replica.die();
    }
    await expect(job).rejects.toMatchObject({
      details: { status: 502 },
      message: expect.stringMatching(/SIGKILL/) as string,
    });
    expect(dispatcher.waiting).toBe(0);
  });

  it("does not compute what nobody waits for", async () => {
    const dispatcher = new Dispatcher({ queueSize: 10, perReplica: 1 });
    const gone = new AbortController();
    const job = submitOne(dispatcher, gone.signal);
    gone.abort();
    await expect(job).rejects.toThrow(/has gone/);
    const replica = new StandInReplica();
    dispatcher.add(replica.process);
    expect(replica.load).toBe(0);
  });

  it("gives a replica that is taken away no more work, and lets it finish", async () => {
    const dispatcher = new Dispatcher({ queueSize: 10, perReplica: 4 });
    const replica = new StandInReplica();
    dispatcher.add(replica.process);
    const job = submitOne(dispatcher);
    dispatcher.remove(replica.process);
    void submitOne(dispatcher);
    expect([replica.load, dispatcher.waiting]).toEqual([1, 1]);
    if (replica.jobs[0]) replica.finish(replica.jobs[0]);
    await expect(job).resolves.toMatchObject({ version: 1 });
  });
});
