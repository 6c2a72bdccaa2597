/** TensorFlow's `tf.train.Example`: named lists of byte strings, of 32-bit floats, or of 64-bit integers. */

export type ExampleFeature = readonly Uint8Array[] | Float32Array | BigInt64Array;

export type TfExample = Readonly<Record<string, ExampleFeature>>;
