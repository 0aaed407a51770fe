// A reply as it is read aloud: in sentences, without the signs of Markdown. Code and tables are named, to be read where
// they stand.

import type { Block, Node } from '../markdown/parser.ts';

export function spoken(block: Block): string {
  return block.nodes.map(spokenNode).join(' ').replace(/\s+/g, ' ').replace(/ ([.,;:!?])/g, '$1').trim();
}

function spokenNode(node: Node): string {
  if (typeof node === 'string') return node;
  switch (node.tag) {
    case 'code_block':
      return `${node.language ? `Code in ${node.language}` : 'Code'}, ${counted(node.text.trimEnd().split('\n').length, 'line')}.`;
    case 'formula':
      return node.text.replace(/^(\$\$?|\\[([])|(\$\$?|\\[)\]])$/g, '');
    case 'image':
      return `Picture: ${node.alt || 'without a description'}.`;
    case 'task':
      return node.done ? 'Done:' : 'To do:';
    case 'citation':
      return `(source: ${/†([^】]*)/.exec(node.marker)?.[1] ?? 'a document'})`;
    case 'table':
      return spokenTable(node.children);
    case 'hr':
      return '';
    case 'br':
      return ' ';
    case 'link':
    case 'em':
    case 'strong':
    case 's':
    case 'code':
      return spokenAll(node.children);
    case 'ul':
    case 'ol':
      return node.children.map(spokenNode).join(' ');
    default:
      return sentence(spokenAll(node.children));
  }
}

const spokenAll = (nodes: Node[]): string => nodes.map(spokenNode).join('');

// With a pause behind it.
function sentence(text: string): string {
  const bare = text.trim();
  return bare === '' || /[.,;:!?…)]$/.test(bare) ? bare : `${bare}.`;
}

function spokenTable(children: Node[]): string {
  const rows = rowsIn(children);
  const heads = rows.find((row) => row.some(isHead)) ?? [];
  const names = heads.map((head) => (isElement(head) ? spokenAll(head.children) : '')).filter(Boolean);
  const count = rows.filter((row) => !row.some(isHead)).length;
  return `A table of ${counted(count, 'row')}${names.length > 0 ? `: ${names.join(', ')}` : ''}.`;
}

type Element = Extract<Node, { children: Node[] }>;
const isElement = (node: Node): node is Element => typeof node === 'object' && 'children' in node;
const isHead = (node: Node): boolean => isElement(node) && node.tag === 'th';

function rowsIn(nodes: Node[]): Node[][] {
  return nodes.filter(isElement).flatMap((node) => (node.tag === 'tr' ? [node.children.filter(isElement)] : rowsIn(node.children)));
}

const counted = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
