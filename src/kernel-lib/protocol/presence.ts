/**
 * A view says that it is there, and that it goes. A cell that runs again leaves the widget of its former run behind: what no page shows need
 * not be worked out for each label.
 */

/** Travels as a command of its own. */
export interface Presence {
  /** Nobody else's: two pages may show the same widget. */
  view: string;
  here: boolean;
}

export interface PresenceCommand {
  presence: Presence;
}
