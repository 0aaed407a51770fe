// Markdown that grows at its end, as a reply does while it streams. Only the last two blocks can still change what they
// are (a line below a paragraph makes it a heading, an indented one belongs to the list above): the ones before are
// parsed once and stay the same objects.

import { type Block, blocksOf } from './parser.ts';

const unsettled = 2;

export class GrowingMarkdown {
  private text = '';
  private finished: string | null = null;
  private blocks: Block[] = [];

  // All blocks of the text so far.
  update(grown: string): Block[] {
    const text = withPlainLineEnds(grown);
    if (text === this.text) return this.blocks;
    this.finished = null;
    if (!text.startsWith(this.text)) this.blocks = [];
    const settled = this.blocks.slice(0, Math.max(0, this.blocks.length - unsettled));
    const length = settled.reduce((sum, block) => sum + block.source.length, 0);
    const before = this.blocks.slice(settled.length);
    const again = blocksOf(shown(text.slice(length))).map((block, index) =>
      before[index]?.source === block.source ? before[index] : block,
    );
    this.text = text;
    this.blocks = [...settled, ...again];
    return this.blocks;
  }

  // The whole text at once, when nothing more comes: links whose addresses stand below find them.
  finish(whole: string): Block[] {
    const text = withPlainLineEnds(whole);
    if (text === this.finished) return this.blocks;
    const before = new Map(this.blocks.map((block) => [block.source, block]));
    const hasReferences = /^ {0,3}\[[^\]]+\]:/m.test(text);
    this.blocks = blocksOf(text).map((block) => (hasReferences ? block : (before.get(block.source) ?? block)));
    this.text = text;
    this.finished = text;
    return this.blocks;
  }
}

const withPlainLineEnds = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);

// The beginning of a last line that may become a rule, an underline or a fence says nothing yet; shown as it is it would
// turn the paragraph above into a heading for a moment.
function shown(text: string): string {
  const start = text.lastIndexOf('\n') + 1;
  const last = text.slice(start);
  return /^ {0,3}(?:[-=]+|[*_]{1,2}|`{1,2}|\|[-: |]*)$/.test(last) ? text.slice(0, start) : text;
}
