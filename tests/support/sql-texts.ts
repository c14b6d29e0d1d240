import ts from 'typescript';

/** A place where a statement's text is not all written down in the code. */
export interface SqlText {
  file: string;
  line: number;
  /** What stands there, on one line, as the allowlist has it. */
  code: string;
}

/** What begins a statement, or the tail of one. */
const statement =
  /^\s*(?:select|insert\s+into|update|delete\s+from|with|begin|commit|set\s+(?:local|role|session)|alter|create|drop|grant|revoke|truncate|copy|call|do|lock|listen|notify|vacuum|analyze|where|order\s+by|returning|values)\b/i;
/** Methods that take a statement's text. */
const takers = new Set(['query', 'prepared', 'arrays', 'executeSql', 'unsafe', 'execute']);

/**
 * Statements made from pieces: `sql.raw`, templates and concatenations that begin like SQL, and texts that come from
 * elsewhere into a method that runs them. The tag `sql` makes parameters of its pieces, so what it tags is none.
 */
export function sqlTexts(file: string, source: string): SqlText[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found = new Map<ts.Node, SqlText>();
  const note = (node: ts.Node) => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
    found.set(node, { file, line: line + 1, code: node.getText(tree).replace(/\s+/g, ' ').slice(0, 120) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node) && !ts.isTaggedTemplateExpression(node.parent) && statement.test(node.head.text))
      note(node);
    if (isConcatenation(node) && !isConcatenation(node.parent) && startsStatement(node)) note(node);
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      if (expression.getText(tree) === 'sql' && (name.text === 'raw' || name.text === 'unsafe')) note(node);
      else if (takers.has(name.text)) {
        const text = textOf(node, name.text);
        if (text && !isWritten(text) && !isFoundAnyway(text)) note(node);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return [...found.values()];
}

/** The argument that is the statement: the first, or the second after a name; the property `text` of an object. */
function textOf(call: ts.CallExpression, method: string): ts.Expression | undefined {
  const given = call.arguments[method === 'prepared' ? 1 : 0];
  if (!given || !ts.isObjectLiteralExpression(given)) return given;
  for (const property of given.properties) {
    if (ts.isShorthandPropertyAssignment(property) && property.name.text === 'text') return property.name;
    if (ts.isPropertyAssignment(property) && property.name.getText() === 'text') return property.initializer;
  }
  return undefined;
}

/** Pieces that begin like a statement are found where they stand. */
const isFoundAnyway = (node: ts.Expression) =>
  (ts.isTemplateExpression(node) && statement.test(node.head.text)) || (isConcatenation(node) && startsStatement(node));

/** A text that stands there in full, or what the tag `sql` has made. */
function isWritten(node: ts.Expression): boolean {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return true;
  if (ts.isTaggedTemplateExpression(node)) return node.tag.getText() === 'sql';
  if (ts.isConditionalExpression(node)) return isWritten(node.whenTrue) && isWritten(node.whenFalse);
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

const isConcatenation = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;

function startsStatement(node: ts.BinaryExpression): boolean {
  let first: ts.Expression = node;
  while (isConcatenation(first)) first = first.left;
  return (ts.isStringLiteral(first) || ts.isNoSubstitutionTemplateLiteral(first)) && statement.test(first.text);
}
