import jsep from 'jsep';
import { FormulaProblem } from './problem';

/** A formula as a tree; `at` counts characters from 0. */
export type Node =
  | { kind: 'value'; value: string | number | boolean | null; at: number }
  | { kind: 'name'; name: string; at: number }
  | { kind: 'call'; name: string; args: Node[]; at: number };

/** Ours are fewer than JavaScript's, and some are written as in a spreadsheet. */
const binary: Record<string, number> = {
  or: 1,
  '||': 1,
  and: 2,
  '&&': 2,
  '=': 6,
  '==': 6,
  '<>': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '&': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};
const meant: Record<string, string> = { '||': 'or', '&&': 'and', '==': '=', '!=': '<>' };

jsep.removeAllBinaryOps();
jsep.removeAllUnaryOps();
for (const [sign, strength] of Object.entries(binary)) jsep.addBinaryOp(sign, strength);
for (const sign of ['-', '+', '!', 'not']) jsep.addUnaryOp(sign);
jsep.removeAllLiterals();
jsep.addLiteral('true', true);
jsep.addLiteral('false', false);
jsep.addLiteral('null', null);

type Placed = jsep.Expression & { at?: number };

/** Where each token began. The parser does not say, so its hooks write it down; a parse is never interrupted by another. */
let starts: number[] = [];
jsep.hooks.add('gobble-token', function start(env) {
  starts.push(this.index);
  // Numbers are the one kind of token after which the other hook is not asked.
  if (/[\d.]/.test(this.char)) env.node = this.gobbleNumericLiteral();
});
jsep.hooks.add('after-token', (env) => {
  const at = starts.pop();
  const node: Placed | undefined = env.node;
  if (node && node.at === undefined) node.at = at;
});

/** Deeper than any formula a person reads, and far less than would exhaust the stack. */
const maxNesting = 50;

/** Reads a formula. @throws FormulaProblem with the place where it stops making sense */
export function parseFormula(written: string): Node {
  const text = withUsualSigns(written);
  refuseNesting(text);
  starts = [];
  let tree: Placed;
  try {
    tree = jsep(text);
  } catch (error) {
    const at = error instanceof Error && 'index' in error ? Number(error.index) : 0;
    throw new FormulaProblem('formulaSyntax', Math.min(at, text.length));
  }
  return nodeOf(tree, 0);
}

const usual: Record<string, string> = { '“': '"', '”': '"', '‘': "'", '’': "'", '×': '*', '÷': '/', '\u3000': ' ' };
const closing: Record<string, string> = { '"': '"', "'": "'", '“': '”', '‘': '’', '＂': '＂', '＇': '＇' };

/** A sign as formulas have it, where a Chinese keyboard types another: `（，＞“`. */
function halfWidth(sign: string): string {
  const code = sign.charCodeAt(0);
  return code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : (usual[sign] ?? sign);
}

/** The same formula in the usual signs, each in its place; what stands in quotes stays as it is. */
function withUsualSigns(text: string): string {
  let until = '';
  let result = '';
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (until !== '' && sign === '\\') result += sign + text.charAt(++at);
    else if (until !== '' && sign !== until) result += sign;
    else {
      until = until === '' ? (closing[sign] ?? '') : '';
      result += halfWidth(sign);
    }
  }
  return result;
}

function refuseNesting(text: string): void {
  let depth = 0;
  let signs = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '(' || sign === '[') depth++;
    if (sign === ')' || sign === ']') depth--;
    signs = /[-+!?]/.test(sign) ? signs + 1 : /\s/.test(sign) ? signs : 0;
    if (depth > maxNesting || signs > maxNesting) throw new FormulaProblem('formulaSyntax', at);
  }
}

function nodeOf(tree: Placed, near: number): Node {
  const at = tree.at ?? near;
  // What the parser gives under each type is told by its own documentation; its types are one for all.
  const part = (node: unknown, from = at): Node => {
    if (!node || typeof node !== 'object') throw new FormulaProblem('formulaSyntax', from);
    return nodeOf(node as Placed, from);
  };
  switch (tree.type) {
    case 'Literal': {
      const { value } = tree;
      if (typeof value === 'number' && !Number.isFinite(value)) throw new FormulaProblem('formulaSyntax', at);
      if (value === null || ['string', 'number', 'boolean'].includes(typeof value))
        return { kind: 'value', value: value as string | number | boolean | null, at };
      throw new FormulaProblem('formulaSyntax', at);
    }
    case 'Identifier':
      return { kind: 'name', name: String(tree.name), at };
    case 'UnaryExpression': {
      const sign = String(tree.operator);
      const name = sign === '-' ? 'negative' : sign === '+' ? 'positive' : 'not';
      return { kind: 'call', name, args: [part(tree.argument)], at };
    }
    case 'BinaryExpression': {
      const sign = String(tree.operator);
      const left = part(tree.left);
      return { kind: 'call', name: meant[sign] ?? sign, args: [left, part(tree.right, left.at)], at: left.at };
    }
    case 'ConditionalExpression': {
      const test = part(tree.test);
      return { kind: 'call', name: 'if', args: [test, part(tree.consequent), part(tree.alternate)], at: test.at };
    }
    case 'CallExpression': {
      const callee = tree.callee as Placed;
      if (callee.type !== 'Identifier') throw new FormulaProblem('formulaSyntax', at);
      const args = (tree.arguments as unknown[]).map((argument) => part(argument));
      return { kind: 'call', name: String(callee.name), args, at };
    }
    default:
      throw new FormulaProblem('formulaSyntax', at);
  }
}
