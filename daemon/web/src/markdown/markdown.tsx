// Shows Markdown. A block whose source has not changed is not drawn again.

import { type ComponentChildren, createContext, type JSX } from 'preact';
import { memo } from 'preact/compat';
import { useContext, useMemo, useRef } from 'preact/hooks';
import './markdown.css';
import { CodeBlock } from './code_block.tsx';
import { Formula } from './formula.tsx';
import { GrowingMarkdown } from './growing.ts';
import type { Block, Node } from './parser.ts';

// Shows a citation's marker; without one the marker stays text.
export const CitationContext = createContext<((marker: string) => ComponentChildren) | null>(null);

// Shows what is named in bold by something that leads there; null where it names nothing.
export const NameContext = createContext<((name: string) => ComponentChildren) | null>(null);

// Shows a piece of text by something else; null where it is text.
export const TextContext = createContext<((text: string) => ComponentChildren) | null>(null);

export function Markdown({ text, isGrowing }: { text: string; isGrowing: boolean }) {
  const growing = useRef<GrowingMarkdown>();
  growing.current ??= new GrowingMarkdown();
  const blocks = isGrowing ? growing.current.update(text) : growing.current.finish(text);
  return (
    <div class="markdown">
      {blocks.map((block, index) => (
        <ShownBlock key={index} block={block} isDone={!isGrowing || index < blocks.length - 1} />
      ))}
    </div>
  );
}

const ShownBlock = memo(
  function ShownBlock({ block, isDone }: { block: Block; isDone: boolean }) {
    return <>{useMemo(() => block.nodes.map((node, index) => <Shown key={index} node={node} isDone={isDone} />), [block, isDone])}</>;
  },
  (before, after) => before.block === after.block && before.isDone === after.isDone,
);

function Shown({ node, isDone }: { node: Node; isDone: boolean }): JSX.Element {
  const cite = useContext(CitationContext);
  const showName = useContext(NameContext);
  const showText = useContext(TextContext);
  if (typeof node === 'string') return <>{showText?.(node) ?? node}</>;
  switch (node.tag) {
    case 'code_block':
      return <CodeBlock language={node.language} text={node.text} isDone={isDone} />;
    case 'formula':
      return <Formula text={node.text} isBlock={node.block} />;
    case 'task':
      return <input type="checkbox" disabled checked={node.done} aria-label={node.done ? 'Done' : 'To do'} />;
    case 'li': {
      const [first] = node.children;
      return <li class={typeof first === 'object' && isTask(first) ? 'is-task' : undefined}>{shownAll(node.children, isDone)}</li>;
    }
    case 'citation':
      return <>{cite ? cite(node.marker) : node.marker}</>;
    case 'link':
      return <Link href={node.href} title={node.title}>{shownAll(node.children, isDone)}</Link>;
    case 'image':
      // The page asks no other host for anything: a picture from elsewhere is a link to it.
      return isOwn(node.src) ? <img src={node.src} alt={node.alt} loading="lazy" /> : <Link href={node.src} title={null}>{node.alt || node.src}</Link>;
    case 'strong': {
      const [name] = node.children;
      const shown = showName && node.children.length === 1 && typeof name === 'string' ? showName(name) : null;
      return <strong>{shown ?? shownAll(node.children, isDone)}</strong>;
    }
    case 'table':
      return (
        <div class="markdown-table" tabIndex={0} role="group" aria-label="Table">
          <table>{shownAll(node.children, isDone)}</table>
        </div>
      );
    case 'th':
    case 'td':
      return <node.tag class={`${node.align ? `is-${node.align}` : ''} ${isText(node.children) ? 'is-text' : ''}`} dir="auto">{shownAll(node.children, isDone)}</node.tag>;
    case 'hr':
    case 'br':
      return <node.tag />;
    case 'ol':
      return <ol start={node.start} dir="auto">{shownAll(node.children, isDone)}</ol>;
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6':
      // Below the page's own headings, and all of one rank: models leave ranks out.
      return <h3 class={`is-${node.tag}`} dir="auto">{shownAll(node.children, isDone)}</h3>;
    case 'p':
    case 'ul':
      return <node.tag dir="auto">{shownAll(node.children, isDone)}</node.tag>;
    default: {
      const Tag = node.tag as 'em';
      return <Tag>{shownAll(node.children, isDone)}</Tag>;
    }
  }
}

function shownAll(nodes: Node[], isDone: boolean): JSX.Element[] {
  return nodes.map((node, index) => <Shown key={index} node={node} isDone={isDone} />);
}

// Also as the first of a paragraph, in a list with empty lines between.
const isTask = (node: Exclude<Node, string>): boolean => {
  const first = node.tag === 'p' ? node.children[0] : node;
  return typeof first === 'object' && first.tag === 'task';
};

// Several words: a column of them must not become one word a line.
const isText = (nodes: Node[]): boolean => lengthOf(nodes) > 16;
const lengthOf = (nodes: Node[]): number =>
  nodes.reduce((length, node) => length + (typeof node === 'string' ? node.length : 'children' in node ? lengthOf(node.children) : 0), 0);

const isOwn = (address: string): boolean => /^\/(?!\/)/.test(address);

function Link({ href, title, children }: { href: string; title: string | null; children: ComponentChildren }) {
  if (isOwn(href) || href.startsWith('#')) return <a href={href} title={title ?? undefined}>{children}</a>;
  return (
    <a href={href} title={title ?? href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
