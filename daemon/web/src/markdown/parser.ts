// Markdown as replies use it, parsed into a tree of our own kinds of nodes. There is no HTML anywhere on the way: what is
// HTML in the text stays text, so nothing needs to be made harmless.

import MarkdownIt from 'markdown-it';
import type { StateInline, Token } from 'markdown-it';

export type Tag =
  | 'p' | 'h1' | 'h2' | 'h3' | 'h4' | 'h5' | 'h6' | 'ul' | 'ol' | 'li' | 'blockquote' | 'hr' | 'em' | 'strong' | 's' | 'code'
  | 'br' | 'table' | 'thead' | 'tbody' | 'tr' | 'th' | 'td';

export type Node =
  | string
  | { tag: Tag; children: Node[]; start?: number; align?: 'left' | 'center' | 'right'; tight?: boolean }
  | { tag: 'link'; href: string; title: string | null; children: Node[] }
  | { tag: 'image'; src: string; alt: string }
  | { tag: 'code_block'; language: string; text: string }
  | { tag: 'formula'; text: string; block: boolean }
  | { tag: 'task'; done: boolean }
  | { tag: 'citation'; marker: string };

// A paragraph, list, table … at the top, and the text that it is made of.
export interface Block {
  source: string;
  nodes: Node[];
}

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: false, typographer: false });
// "furnace.md" is a file here, not a host in Moldova.
markdown.linkify?.set({ fuzzyLink: false, fuzzyEmail: false });
markdown.inline.ruler.before('escape', 'formula', formula);

// The text's blocks, from the line at which each begins to that of the next.
export function blocksOf(text: string): Block[] {
  const markers = new Markers();
  const tokens = markdown.parse(markers.hide(text), {});
  const lines = text.split('\n');
  const starts: { token: number; line: number }[] = [];
  tokens.forEach((token, index) => {
    if (token.level === 0 && token.nesting >= 0 && token.map) starts.push({ token: index, line: token.map[0] });
  });
  return starts.map(({ token, line }, index) => {
    const next = starts[index + 1];
    const source = lines.slice(index === 0 ? 0 : line, next?.line).join('\n') + (next ? '\n' : '');
    return { source, nodes: treeOf(tokens.slice(token, next?.token), markers) };
  });
}

function treeOf(tokens: Token[], markers: Markers): Node[] {
  const root: Node[] = [];
  const open: Node[][] = [root];
  for (const token of tokens) {
    const here = open.at(-1) ?? root;
    if (token.nesting < 0) {
      const closed = token.hidden ? null : open.pop();
      if (token.type === 'list_item_close' && closed) findTask(closed);
      continue;
    }
    if (token.type === 'inline') {
      here.push(...treeOf(token.children ?? [], markers));
      continue;
    }
    // The paragraphs of a list without empty lines.
    if (token.hidden) continue;
    if (token.type === 'text') {
      here.push(...markers.split(token.content));
      continue;
    }
    const node = nodeOf(token, (text) => markers.restore(text));
    if (node === null) continue;
    here.push(node);
    if (token.nesting > 0 && typeof node !== 'string' && 'children' in node) open.push(node.children);
  }
  return root;
}

function nodeOf(token: Token, restored: (text: string) => string): Node | null {
  const text = restored(token.content);
  switch (token.type) {
    case 'softbreak':
      return '\n';
    case 'code_inline':
      return { tag: 'code', children: [text] };
    case 'fence':
      return { tag: 'code_block', language: token.info.trim().split(/\s+/)[0]?.toLowerCase() ?? '', text };
    case 'code_block':
      return { tag: 'code_block', language: '', text };
    case 'formula':
      return { tag: 'formula', text, block: token.block };
    case 'image':
      return { tag: 'image', src: restored(String(token.attrGet('src') ?? '')), alt: text };
    case 'link_open':
      return { tag: 'link', href: restored(String(token.attrGet('href') ?? '')), title: textOrNull(token.attrGet('title')), children: [] };
    default:
      return isTag(token.tag) ? element(token, token.tag) : text || null;
  }
}

// "[ ] to do" and "[x] done" at a list item's beginning.
function findTask(item: Node[]): void {
  const first = item[0];
  const inside = typeof first === 'object' && first.tag === 'p' ? first.children : item;
  const text = inside[0];
  const found = typeof text === 'string' ? /^\[([ xX])\](?=\s)/.exec(text) : null;
  if (typeof text === 'string' && found) inside.splice(0, 1, { tag: 'task', done: found[1] !== ' ' }, text.slice(found[0].length));
}

const tags: readonly string[] = [
  'p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'hr', 'em', 'strong', 's', 'br', 'table', 'thead',
  'tbody', 'tr', 'th', 'td',
];
const isTag = (tag: string): tag is Tag => tags.includes(tag);

function element(token: Token, tag: Tag): Node {
  const align = /text-align:(left|center|right)/.exec(String(token.attrGet('style') ?? ''))?.[1];
  const start = Number(token.attrGet('start') ?? Number.NaN);
  return {
    tag,
    children: [],
    ...(align && { align: align as 'left' | 'center' | 'right' }),
    ...(Number.isInteger(start) && { start }),
  };
}

const brackets: [string, string, boolean][] = [
  ['\\[', '\\]', true],
  ['$$', '$$', true],
  ['\\(', '\\)', false],
];

// \( … \), \[ … \], $$ … $$, and $ … $ as Pandoc takes it: no space inside of the dollars, no digit after the second.
function formula(state: StateInline, silent: boolean): boolean {
  const rest = state.src.slice(state.pos, state.posMax);
  let found: { length: number; block: boolean } | null = null;
  for (const [open, close, block] of brackets) {
    if (!rest.startsWith(open)) continue;
    const end = rest.indexOf(close, open.length);
    if (end > open.length) found = { length: end + close.length, block };
    break;
  }
  if (!found && rest.startsWith('$') && !rest.startsWith('$$')) {
    const match = /^\$(?!\s)[^$\n]*[^$\s\\]\$(?!\d)/.exec(rest);
    if (match) found = { length: match[0].length, block: false };
  }
  if (!found) return false;
  if (!silent) {
    const token = state.push('formula', '', 0);
    token.content = rest.slice(0, found.length);
    token.block = found.block;
  }
  state.pos += found.length;
  return true;
}

// What the daemon puts behind a sentence that rests on a document. A file's name may be anything, Markdown too, so a
// marker is one character and its number while the text is parsed.
const marker = /【\d+:\d+†[^】\n]*】/g;
const standIn = /\uE000(\d+)\uE001/;

class Markers {
  private all: string[] = [];

  hide(text: string): string {
    return text.replace(marker, (found) => `\uE000${this.all.push(found) - 1}\uE001`);
  }

  // Where a marker is no citation, as in code.
  restore(text: string): string {
    return text.replace(new RegExp(standIn, 'g'), (found, number: string) => this.all[Number(number)] ?? found);
  }

  split(text: string): Node[] {
    return text.split(standIn).flatMap((piece, index): Node[] => {
      if (index % 2 === 0) return piece ? [piece] : [];
      const found = this.all[Number(piece)];
      return found ? [{ tag: 'citation', marker: found }] : [];
    });
  }
}

// For copying and for screen readers.
export function plainText(nodes: Node[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      if (node.tag === 'code_block' || node.tag === 'formula') return node.text;
      if (node.tag === 'image') return node.alt;
      return 'children' in node ? plainText(node.children) : '';
    })
    .join('');
}

const textOrNull = (value: string | number | null): string | null => (value === null ? null : String(value));
