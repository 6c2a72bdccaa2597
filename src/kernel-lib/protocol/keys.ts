/** The keys that a person has chosen instead of a widget's own. */

/** An action's name to its keys, as the browser's side spells them: "ArrowLeft", "Mod+z". What is not named has its own keys. */
export interface KeyMap {
  readonly [action: string]: readonly string[];
}

/** All of them anew: an empty map gives every action its own keys back. They are kept for the user, in every notebook. */
export interface KeysCommand {
  type: "keys";
  keys: KeyMap;
}
