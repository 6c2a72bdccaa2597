/**
 * A user's program against the published declarations. A cell's TypeScript is 5.0.4 with the resolution of Node 10: what a
 * newer compiler has written must mean something to it, and what it does not understand must not turn into `any` unseen.
 */
import type * as vitrine from "vitrine";
import type * as raw from "vitrine/tf";

type IsAny<T> = 0 extends 1 & T ? true : false;

/** The names of what is, or returns, `any`. */
type LeaksIn<T> = {
  [K in keyof T]-?: IsAny<T[K]> extends true
    ? K
    : T[K] extends (...args: never[]) => infer Result
      ? IsAny<Awaited<Result>> extends true
        ? K
        : never
      : never;
}[keyof T];

/** The same for the instances of the classes in T, as "Class.member". */
type InstanceLeaksIn<T> = {
  [K in keyof T]: T[K] extends abstract new (...args: never[]) => infer Instance
    ? LeaksIn<Instance> extends infer Member
      ? Member extends string
        ? `${K & string}.${Member}`
        : never
      : never
    : never;
}[keyof T];

// A leak is named in the compiler's message: "Type 'true' is not assignable to type '"score"'".
export const exportsAreTyped: [LeaksIn<typeof vitrine>] extends [never] ? true : LeaksIn<typeof vitrine> = true;
export const instancesAreTyped: [InstanceLeaksIn<typeof vitrine>] extends [never]
  ? true
  : InstanceLeaksIn<typeof vitrine> = true;
export const tensorsAreTyped: IsAny<typeof raw.tf> extends true ? never : true = true;
