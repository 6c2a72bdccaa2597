/**
 * How a view knows which of its commands are in the state that it receives: it numbers them, and the state says how far the kernel has
 * come. So what the kernel has not answered yet can be shown at once, and never twice.
 */

/** Travels with a command. */
export interface Receipt {
  /** Nobody else's: two pages may show the same widget. */
  view: string;
  /** From 1, one more with each command of the view. */
  number: number;
}

/** A trait of the state beside the widget's own: the last command of each view that the kernel has obeyed, or refused. */
export interface Handled {
  readonly [view: string]: number;
}

export const HANDLED = "handled";
