/**
 * `{ history }`, where `history` is a variable of an earlier cell.
 *
 * tslab reads such variables as `exports.history`, but leaves a shorthand property as it is, which then throws a ReferenceError.
 * Written out before tslab sees it, it works as any other use.
 */
import * as ts from "@tslab/typescript-for-tslab";

export function expandShorthand(
  checker: ts.TypeChecker,
  declarations: ts.SourceFile | undefined,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const { factory } = context;
    const isEarlier = (node: ts.ShorthandPropertyAssignment) =>
      checker.getShorthandAssignmentValueSymbol(node)?.declarations?.some((d) => d.getSourceFile() === declarations) ===
      true;
    const visit = (node: ts.Node): ts.Node => {
      if (!ts.isShorthandPropertyAssignment(node) || !isEarlier(node)) return ts.visitEachChild(node, visit, context);
      const value = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), node.name.text);
      const fallback = node.objectAssignmentInitializer;
      const assigned = fallback
        ? factory.createAssignment(value, ts.visitNode(fallback, visit) as ts.Expression)
        : value;
      return ts.setTextRange(factory.createPropertyAssignment(node.name.text, assigned), node);
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
}
