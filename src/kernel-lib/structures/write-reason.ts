/** Why the operating system has not written something, in words that stand after "could not be written:"; its own code behind them. */

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the user's part of the disk is used up",
  EROFS: "the file system can only be read",
  EACCES: "it may not be written there (permissions)",
  EPERM: "it may not be written there (permissions)",
  ENOTDIR: "a part of its path is a file, not a folder",
  EISDIR: "there is a folder of that name",
  ENOENT: "its folder is not there",
  ENAMETOOLONG: "its name is too long",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EEXIST: "there is something else of that name",
  EIO: "the disk does not answer",
};

export function writeReason(cause: unknown): string {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  if (code === undefined) return String(cause);
  const words = WORDS[code];
  return words === undefined ? code : `${words} (${code})`;
}
