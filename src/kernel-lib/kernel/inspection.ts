/**
 * Promises as they are printed.
 *
 * Up to Node 22, AsyncLocalStorage writes its bookkeeping on each promise as symbols that `util.inspect` shows, and with them
 * half the kernel. They are made invisible when a promise is printed.
 */
import { inspect } from "node:util";

const INTERNALS = /^(async_id_symbol|trigger_async_id_symbol|kResourceStore)$/;

export function hidePromiseInternals(): void {
  // Returns the prototype, which is no promise that could fail.
  void Object.defineProperty(Promise.prototype, inspect.custom, {
    configurable: true,
    writable: true,
    value(this: object): object {
      for (const symbol of Object.getOwnPropertySymbols(this)) {
        const isHidden = INTERNALS.test(symbol.description ?? "") && Object.isExtensible(this);
        if (isHidden) Object.defineProperty(this, symbol, { enumerable: false });
      }
      return this;
    },
  });
}
