/**
 * fastify, sharp and onnxruntime-node, as one would write it: POST a picture to /score, get its class scores. Prints its port.
 * Arguments: the ONNX file, threads, the folder that has onnxruntime-node.
 */
import { createRequire } from "node:module";
import { join } from "node:path";

const [model, threads, folder] = process.argv.slice(2);
const library = createRequire(new URL("../../src/kernel-lib/package.json", import.meta.url));
const fastify = library("fastify");
const sharp = library("sharp");
const { InferenceSession, Tensor } = createRequire(join(folder, "package.json"))("onnxruntime-node");

const SIDE = 224;
const session = await InferenceSession.create(model, { intraOpNumThreads: Number(threads) });
const app = fastify({ bodyLimit: 16 * 2 ** 20 });
app.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
app.post("/score", async ({ body }) => {
  const { data } = await sharp(body)
    .resize(SIDE, SIDE, { fit: "fill" })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = new Float32Array(3 * SIDE * SIDE);
  for (let i = 0, place = 0; place < SIDE * SIDE; place++) {
    for (let channel = 0; channel < 3; channel++) pixels[channel * SIDE * SIDE + place] = data[i++] / 255;
  }
  const { probabilities } = await session.run({
    [session.inputNames[0]]: new Tensor("float32", pixels, [1, 3, SIDE, SIDE]),
  });
  return Array.from(probabilities.data);
});
await app.listen({ host: "127.0.0.1", port: 0 });
console.log(app.server.address().port);
