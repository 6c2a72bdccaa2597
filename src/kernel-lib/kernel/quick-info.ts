/** What TypeScript knows of a name, as a person reads it: its type, what it is for, and each tag of its comment by the tag's name. */
import type * as ts from "@tslab/typescript-for-tslab";

interface Parts {
  readonly signature: string;
  readonly documentation: string;
  readonly tags: readonly { readonly name: string; readonly text: string }[];
}

/** For a console. `about` is the class of which `info` is the constructor. */
export function plainInfo(info: ts.QuickInfo, about?: ts.QuickInfo): string {
  const { signature, documentation, tags } = partsOf(info, about);
  const comment = [documentation, ...tags.map(({ name, text }) => `@${name} ${text}`)].filter((text) => text !== "");
  return [signature, ...(comment.length > 0 ? ["", ...comment] : [])].join("\n");
}

/** For a notebook: comments are Markdown already. */
export function markdownInfo(info: ts.QuickInfo, about?: ts.QuickInfo): string {
  const { signature, documentation, tags } = partsOf(info, about);
  const shown = tags.map(({ name, text }) => `*@${name}* ${text}`);
  return [`\`\`\`ts\n${signature}\n\`\`\``, documentation, ...shown].filter((text) => text !== "").join("\n\n");
}

/** The class that is made: what `new` calls says little of what it makes. */
export function constructedClass({ displayParts = [] }: ts.QuickInfo): string | undefined {
  if (displayParts[0]?.text !== "constructor") return undefined;
  return displayParts.find(({ kind }) => kind === "className")?.text;
}

function partsOf({ displayParts, documentation, tags = [] }: ts.QuickInfo, about?: ts.QuickInfo): Parts {
  const [general, own] = [joined(about?.documentation), joined(documentation)];
  return {
    signature: joined(displayParts),
    documentation: [general, ...(own === general ? [] : [own])].filter((text) => text !== "").join("\n\n"),
    tags: tags.map(({ name, text }) => ({ name, text: joined(text) })),
  };
}

const joined = (parts: readonly ts.SymbolDisplayPart[] = []): string => parts.map(({ text }) => text).join("");
