/** imgaug's module `meta`, whole. */
export { Identity, Noop, OneOf, Sequential, SomeOf, Sometimes } from "../meta.js";
export { ChannelShuffle, WithChannels } from "../meta-channels.js";
export { AssertLambda, ClipCBAsToImagePlanes, Lambda, RemoveCBAsByOutOfImageFraction } from "../meta-checks.js";
export { AssertShape } from "../meta-shape.js";
