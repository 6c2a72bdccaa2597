/**
 * Small XML files as trees of elements, by a reader that trusts nobody.
 *
 * Architecture
 * - A document type is refused whatever is in it: entities that grow, and entities that read other files, begin with one.
 * - Size and depth are limited before anything is built.
 * - Plain elements and text, which is all that annotation tools write, take a fast path; comments, CDATA, attributes, references and
 *   namespaces go through fast-xml-parser. Both give the same tree.
 */
import { isUtf8 } from "node:buffer";
import { XMLParser, XMLValidator } from "fast-xml-parser";

export interface XmlElement {
  name: string;
  children: XmlElement[];
  /** All text directly in it, without the white space around it. */
  text: string;
}

/** An annotation has about 300 bytes an object. */
export const MAX_XML_BYTES = 4 << 20;
const MAX_DEPTH = 32;

/** Why a file is refused, in words that stand after its name. */
export class XmlRefusal extends Error {}

/** @throws `XmlRefusal` */
export function parseXml(bytes: Uint8Array): XmlElement {
  if (bytes.length > MAX_XML_BYTES) throw new XmlRefusal(`its ${bytes.length} bytes are more than an annotation has`);
  const text = decodeXml(bytes);
  if (text.trim() === "") throw new XmlRefusal("the file is empty");
  if (NO_CHARACTERS.test(text)) throw new XmlRefusal("it holds control characters, which XML can't");
  return parsePlain(text) ?? parseFull(text);
}

/** By byte order mark, else by the declaration, else UTF-8. */
export function decodeXml(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const [first = 0, second = 0, third = 0] = buffer;
  if (first === 0xef && second === 0xbb && third === 0xbf) return utf8(buffer.subarray(3));
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return decoded(buffer, "utf-16le");
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return decoded(buffer, "utf-16be");
  const declared = /^<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(buffer.toString("latin1", 0, 256));
  const encoding = declared?.[1] ?? "utf-8";
  return /^(utf-?8|us-ascii)$/i.test(encoding) ? utf8(buffer) : decoded(buffer, encoding);
}

function utf8(buffer: Buffer): string {
  if (!isUtf8(buffer)) throw new XmlRefusal("it is not UTF-8 and names no other encoding");
  return buffer.toString("utf8");
}

function decoded(buffer: Buffer, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(buffer);
  } catch {
    throw new XmlRefusal(`it can't be read as ${encoding}`);
  }
}

const NO_CHARACTERS = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
const NOT_PLAIN = /&|]]>/;
const DECLARATION = /^<\?xml [^<>?]*\?>/;
const NAME = /^[A-Za-z_][\w.-]*$/;

/** Undefined for whatever is not plain, well-formed or not. */
function parsePlain(text: string): XmlElement | undefined {
  if (NOT_PLAIN.test(text)) return undefined;
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let at = DECLARATION.exec(text)?.[0].length ?? 0;
  for (;;) {
    const tag = text.indexOf("<", at);
    const top = open.at(-1);
    const between = text.slice(at, tag < 0 ? undefined : tag).trim();
    if (between !== "") {
      // Text beside elements is for the full reader.
      if (!top || top.children.length > 0) return undefined;
      top.text = between;
    }
    if (tag < 0) return open.length === 0 ? root : undefined;
    const end = text.indexOf(">", tag);
    if (end < 0) return undefined;
    at = end + 1;
    if (text.charCodeAt(tag + 1) === SLASH) {
      if (text.slice(tag + 2, end) !== top?.name) return undefined;
      open.pop();
      continue;
    }
    const name = text.slice(tag + 1, end);
    if (!NAME.test(name) || open.length === MAX_DEPTH || (root && !top) || top?.text) return undefined;
    const element: XmlElement = { name, children: [], text: "" };
    top?.children.push(element);
    root ??= element;
    open.push(element);
  }
}

const SLASH = 47;

const CDATA = "#cdata";
const TEXT = "#text";

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: CDATA,
  textNodeName: TEXT,
  maxNestedTags: MAX_DEPTH,
});

/** A tag's name with what is in it, or text. */
type ParsedNode = Readonly<Record<string, readonly ParsedNode[] | string>>;

function parseFull(text: string): XmlElement {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new XmlRefusal("it has a document type, which annotations never need");
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw new XmlRefusal(`line ${verdict.err.line}: ${verdict.err.msg}`);
  const { children } = elementOf("", parsed(text));
  if (children.length !== 1 || !children[0]) throw new XmlRefusal(`it has ${children.length} root elements`);
  return children[0];
}

function parsed(text: string): readonly ParsedNode[] {
  try {
    return parser.parse(text) as readonly ParsedNode[];
  } catch (cause) {
    throw new XmlRefusal(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function elementOf(name: string, nodes: readonly ParsedNode[]): XmlElement {
  const element: XmlElement = { name, children: [], text: "" };
  for (const node of nodes) {
    for (const [key, content] of Object.entries(node)) {
      if (key === TEXT) element.text += resolved(textOf(content));
      else if (key === CDATA)
        element.text += (content as readonly ParsedNode[]).map((part) => textOf(part[TEXT])).join("");
      else if (key !== ":@") element.children.push(elementOf(key, content as readonly ParsedNode[]));
    }
  }
  element.text = element.text.trim();
  return element;
}

const textOf = (content: ParsedNode[string] | undefined) => (typeof content === "string" ? content : "");

const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The five entities that XML has by itself, and references to characters. */
function resolved(text: string): string {
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{1,40});/gi, (reference, body: string) => {
    if (!body.startsWith("#")) {
      if (Object.hasOwn(NAMED, body)) return NAMED[body] ?? "";
      throw new XmlRefusal(`it uses the entity ${reference}, which nobody has declared`);
    }
    const code = /^#x/i.test(body) ? parseInt(body.slice(2), 16) : Number(body.slice(1));
    const isCharacter = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    if (isCharacter && !NO_CHARACTERS.test(String.fromCodePoint(code))) return String.fromCodePoint(code);
    throw new XmlRefusal(`${reference} is no character`);
  });
}
