/** Answers while replicas change over from one version of a model to another that has other labels. */
import { describe, expect, it } from "vitest";

import { json, picture, post, service } from "./open-service.js";
import { classified, LABELS, StandInReplica } from "./stand-in-replica.js";

const second = () => StandInReplica.good(classified(5, 1), ["jug", "mug"], 2);
const body = (count: number) => ({
  inputs: [
    {
      name: "image",
      datatype: "BYTES",
      shape: [count],
      data: Array.from({ length: count }, () => Buffer.from("good").toString("base64")),
    },
  ],
});

/** One replica of the first version, with three labels, and one of the second, with two. */
async function changing() {
  const made = await service();
  const fresh = new StandInReplica(second, 2);
  made.service.dispatcher.add(fresh.process);
  const infer = (count: number) =>
    made.app.inject({ method: "POST", url: "/v2/models/cups/infer", headers: json, payload: body(count) });
  return { ...made, fresh, infer };
}

interface Answer {
  model_version: string;
  outputs: { name: string; shape: number[]; data: number[] }[];
}

describe("a service whose replicas change over", () => {
  it("names the labels of the version that scored, whichever the service has now", async () => {
    const made = await service({}, second);
    expect(made.service.metadata?.labels).toEqual(LABELS);
    const [text = ""] = (await post(made, [picture("good", { top_k: 1 })])).json<string[]>();
    expect(JSON.parse(text)).toEqual([{ label: "jug", index: 0, score: 5 }]);
  });

  it("answers a request's pictures by one version", async () => {
    const { infer } = await changing();
    const answer = (await infer(4)).json<Answer>();
    expect([answer.model_version, answer.outputs[1]]).toEqual([
      "2",
      { name: "logits", datatype: "FP32", shape: [4, 2], data: [5, 1, 5, 1, 5, 1, 5, 1] },
    ]);
  });

  it("does so for lists, too, of which a text has no labels", async () => {
    const made = await changing();
    const answer = await post(made, [picture(), picture(), picture()]);
    expect([answer.headers["x-model-version"], answer.json()]).toEqual(["2", ["[5,1]", "[5,1]", "[5,1]"]]);
  });

  it("goes back to the version that is there where the later one is given up", async () => {
    const { fresh, infer, service: made } = await changing();
    const score = fresh.score.bind(fresh);
    fresh.score = (job) => {
      score(job);
      made.dispatcher.remove(fresh.process);
    };
    const answer = (await infer(2)).json<Answer>();
    expect([answer.model_version, answer.outputs[1]?.shape]).toEqual(["1", [2, 3]]);
  });
});
