// Formulas as MathML, which browsers draw and screen readers speak. Loaded when a formula is first shown. Its elements are
// made here: as the library makes them, styles would be attributes, which the page's policy forbids.

import temml from 'temml';

// What the library makes: elements, texts, and pieces without an element of their own.
interface MathNode {
  type?: string;
  text?: string;
  attributes?: Record<string, string>;
  classes?: string[];
  style?: Record<string, string>;
  children?: MathNode[];
}

const space = 'http://www.w3.org/1998/Math/MathML';
const elements = /^(?:math|m[a-z]+|semantics|annotation|none)$/;

// Throws for what is no formula.
export function mathOf(formula: string, isBlock: boolean): DocumentFragment {
  const tree = temml.__renderToMathMLTree(formula, { displayMode: isBlock, throwOnError: true, maxExpand: 500, maxSize: [50, 50] }) as MathNode;
  const made = document.createDocumentFragment();
  made.append(nodeOf(tree));
  return made;
}

function nodeOf(node: MathNode): Node {
  if (node.text !== undefined && !node.children) return document.createTextNode(node.text);
  const children = (node.children ?? []).map(nodeOf);
  const isElement = node.type !== undefined && elements.test(node.type);
  const made = isElement ? document.createElementNS(space, node.type!) : document.createDocumentFragment();
  if (made instanceof Element) dress(made as MathMLElement, node);
  made.append(...children);
  return made;
}

function dress(made: MathMLElement, { attributes = {}, classes = [], style = {} }: MathNode): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'style') made.style.cssText = value;
    else if (name !== 'href' && name !== 'src' && !name.startsWith('on')) made.setAttribute(name, value);
  }
  const names = classes.filter(Boolean).join(' ');
  if (names) made.setAttribute('class', names);
  for (const [name, value] of Object.entries(style)) made.style.setProperty(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), value);
}
