/** Jupyter counts a cursor's place in Unicode characters, JavaScript in UTF-16 units: an emoji is one there and two here. */

export function toUnits(text: string, characters: number): number {
  let units = 0;
  let left = characters;
  for (const character of text) {
    if (left <= 0) break;
    left -= 1;
    units += character.length;
  }
  return units;
}

export function toCharacters(text: string, units: number): number {
  let characters = 0;
  for (const _ of text.slice(0, units)) characters += 1;
  return characters;
}
