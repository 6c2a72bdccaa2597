/**
 * File names in the two forms in which Unicode writes "ö": as one letter, or as "o" with two dots, as files from macOS often have it. Both
 * look alike, and to most file systems they are different names.
 */
import { existsSync } from "node:fs";

/** The form of a name by which two are compared. */
export function sameForm(name: string): string {
  return isPlain(name) ? name : name.normalize("NFC");
}

/** The path with its letters as they are on disk; as given where there is no such file in either form. @param base what is left as it is */
export function pathOnDisk(base: string, path: string): string {
  const [start, name] = path.startsWith(base) ? [base, path.slice(base.length)] : ["", path];
  if (isPlain(name) || existsSync(path)) return path;
  const forms = ["NFC", "NFD"].map((form) => start + name.normalize(form));
  return forms.find((each) => existsSync(each)) ?? path;
}

const isPlain = (name: string) => !/[^ -~]/.test(name);
