/**
 * `using` and `await using`, which tslab's TypeScript 5.0.4 can't parse yet, written as what it can.
 *
 *     { using file = open(); read(file); }
 *     { const __scope0 = __vitrineScope(); try { const file = __scope0.use(open()); read(file); }
 *       catch (error) { throw __scope0.fail(error); } finally { __scope0.close(); } }
 *
 * At a cell's top level the scope is the cell's, which the kernel closes when the cell ends, so that the variables stay
 * visible to later cells. Lines stay where they are. `using` in the head of a loop is left alone: an error of the compiler.
 */
import * as ts from "@tslab/typescript-for-tslab";

import { EditedCode, type Insertion } from "./edited-code.js";

/** `using` or `await using`, from `start` to `end`. */
interface Keyword {
  readonly start: number;
  readonly end: number;
  readonly isAsync: boolean;
}

type Scope = ts.Block | ts.SourceFile | ts.ModuleBlock;

/**
 * @param code as it was written, which is what `EditedCode` leads back to
 * @param plain the same with blanks in it, where something else was taken away; returned unchanged, where it has no `using`
 */
export function lowerUsing(code: string, plain = code): EditedCode {
  const keywords = /\busing\s+[\p{ID_Start}$_]/u.test(plain) ? findKeywords(plain) : [];
  if (keywords.length === 0) return new EditedCode(code, [], plain);
  const readable = keywords.reduce(withConst, plain);
  return new EditedCode(code, insertions(readable, keywords), readable);
}

/** No place moves: blanks fill what `const` is shorter than `await using`. */
function withConst(code: string, { start, end }: Keyword): string {
  return code.slice(0, start) + "const".padStart(end - start) + code.slice(end);
}

/** TypeScript 5.0.4 reads `using a = b` as two statements: the name `using`, then an assignment on the same line. */
function findKeywords(code: string): Keyword[] {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022, true);
  const found: Keyword[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node) || ts.isSourceFile(node) || ts.isModuleBlock(node)) {
      node.statements.forEach((statement, index) => {
        const next = node.statements[index + 1];
        const isAsync = ts.isExpressionStatement(statement) && ts.isAwaitExpression(statement.expression);
        if (next && isUsing(statement) && isOnSameLine(code, statement, next)) {
          found.push({ start: statement.getStart(file), end: statement.end, isAsync });
        }
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isUsing(statement: ts.Statement): boolean {
  if (!ts.isExpressionStatement(statement)) return false;
  const { expression } = statement;
  const name = ts.isAwaitExpression(expression) ? expression.expression : expression;
  return ts.isIdentifier(name) && name.text === "using";
}

function isOnSameLine(code: string, first: ts.Statement, second: ts.Statement): boolean {
  return /^[^\S\n]+$/.test(code.slice(first.end, second.getStart()));
}

function insertions(readable: string, keywords: readonly Keyword[]): Insertion[] {
  const file = ts.createSourceFile("cell.ts", readable, ts.ScriptTarget.ES2022, true);
  const byStart = new Map(keywords.map((keyword) => [keyword.end - "const".length, keyword]));
  const found: Insertion[] = [];
  let scopes = 0;
  const visit = (node: ts.Node): void => {
    const used = isScope(node) ? node.statements.filter((s) => byStart.has(s.getStart(file))) : [];
    if (isScope(node) && used.length > 0) {
      const isAsync = used.some((statement) => byStart.get(statement.getStart(file))?.isAsync === true);
      const name = ts.isSourceFile(node) ? "__vitrineCell" : `__scope${scopes++}`;
      if (!ts.isSourceFile(node)) found.push(...wrapRest(node, used[0], name, isAsync, file));
      for (const statement of used) {
        found.push(...wrapValues(statement, name, byStart.get(statement.getStart(file))?.isAsync === true, file));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const isScope = (node: ts.Node): node is Scope => ts.isBlock(node) || ts.isSourceFile(node) || ts.isModuleBlock(node);

function wrapRest(
  block: ts.Block | ts.ModuleBlock,
  first: ts.Statement | undefined,
  name: string,
  isAsync: boolean,
  file: ts.SourceFile,
): Insertion[] {
  const close = isAsync ? `await ${name}.closeAsync();` : `${name}.close();`;
  const tail = ` } catch (error) { throw ${name}.fail(error); } finally { ${close} } `;
  const start = first?.getStart(file) ?? block.end - 1;
  return [
    { at: start, text: `const ${name} = __vitrineScope(); try { ` },
    { at: block.end - 1, text: tail },
  ];
}

function wrapValues(statement: ts.Statement, name: string, isAsync: boolean, file: ts.SourceFile): Insertion[] {
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ initializer }) =>
    initializer
      ? [
          { at: initializer.getStart(file), text: `${name}.${isAsync ? "useAsync" : "use"}(` },
          { at: initializer.end, text: ")" },
        ]
      : [],
  );
}
