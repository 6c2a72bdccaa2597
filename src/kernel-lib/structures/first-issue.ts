/** Where a foreign document is not as its schema wants it, in words: the place, what is expected there, and what is there. */
import { quote } from "./errors.js";

/** What zod says of a document, as far as it is read here. */
interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Of a union: what is wrong with each of its kinds. */
  readonly errors?: readonly (readonly Issue[])[];
}

export interface FirstIssue {
  /** "images[3].file_name" */
  readonly where: string;
  readonly expected: string;
  readonly received: string;
}

/** The first thing that is wrong. @param document what was checked */
export function firstIssue({ issues }: { issues: readonly Issue[] }, document: unknown): FirstIssue {
  const issue = issues[0];
  const path = issue?.path ?? [];
  const where = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  const found = valueAt(document, path);
  return {
    where: where.replace(/^\./, "") || "the whole file",
    expected: issue ? expectedOf(issue) : "another value",
    received: found === undefined ? "nothing" : quote(found),
  };
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    return typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }, document);
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

/** zod's "Invalid input: expected string, received undefined" and the like, without what stands around it. */
function expectedOf(issue: Issue): string {
  const [, pattern] = /must match pattern (.+)$/.exec(issue.message) ?? [];
  if (pattern !== undefined) return `a text that matches ${pattern}`;
  const kinds = (issue.errors ?? []).flatMap(([first]) => (first ? [expectedOf(first)] : []));
  if (kinds.length > 0) return [...new Set(kinds)].join(" or ");
  const [, expected = issue.message] = /: expected (?:one of )?(.+?)(?:, received .*)?$/.exec(issue.message) ?? [];
  return KINDS[expected] ?? limited(expected) ?? expected.replaceAll('"|"', '" or "');
}

/** "number to be >=32", "array to have <3 items" */
function limited(expected: string): string | undefined {
  const [, kind = "", sign = "", limit = ""] = /^(\w+) to (?:be|have) ([<>]=?)(\S+)/.exec(expected) ?? [];
  const word = KINDS[kind];
  return word && `${word} ${SIGNS[sign] ?? sign} ${limit}`;
}

const SIGNS: Readonly<Record<string, string>> = { ">=": "of at least", "<=": "of at most", ">": "above", "<": "below" };
