import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrowingMarkdown } from '../../../daemon/web/src/markdown/growing.ts';
import { blocksOf, type Node, plainText } from '../../../daemon/web/src/markdown/parser.ts';

const text = `# Title

Some *text* with \`code\` and a [link](https://example.org).

| a | b |
|---|--:|
| 1 | 2 |

- one
- two

  still two

\`\`\`python
print("hi")
\`\`\`

1. first
2. second

> quoted

Last 【1:2†my_file_name.md】 words.
`;

const nodesOf = (markdown: string): Node[] => blocksOf(markdown).flatMap((block) => block.nodes);
const all = (nodes: Node[]): Node[] =>
  nodes.flatMap((node) => [node, ...(typeof node !== 'string' && 'children' in node ? all(node.children) : [])]);
const tagged = (markdown: string, tag: string): Node[] => all(nodesOf(markdown)).filter((node) => typeof node !== 'string' && node.tag === tag);

test('blocks are cut where the text says, and nothing of it is lost', () => {
  assert.equal(blocksOf(text).map((block) => block.source).join(''), text);
});

test('text that grows ends as the text that came at once, whatever the pieces', () => {
  for (const size of [1, 3, 7, 40]) {
    const growing = new GrowingMarkdown();
    for (let end = size; end < text.length; end += size) growing.update(text.slice(0, end));
    assert.deepEqual(growing.update(text).map((block) => block.nodes), blocksOf(text).map((block) => block.nodes));
    assert.deepEqual(growing.finish(text).map((block) => block.nodes), blocksOf(text).map((block) => block.nodes));
  }
});

test('what is settled is not made again', () => {
  const growing = new GrowingMarkdown();
  const before = growing.update(text.slice(0, text.indexOf('1. first')));
  const after = growing.update(text);
  assert.ok(before.length > 4);
  for (let index = 0; index < before.length - 2; index++) assert.equal(after[index], before[index]);
  const finished = growing.finish(text);
  after.forEach((block, index) => assert.equal(finished[index], block));
});

test('a paragraph is no heading because a list begins below it', () => {
  const growing = new GrowingMarkdown();
  assert.deepEqual(tagged(growing.update('Words\n-').map((block) => block.source).join(''), 'h2'), []);
  const [block] = growing.update('Words\n-');
  assert.ok(block && typeof block.nodes[0] !== 'string' && block.nodes[0]?.tag === 'p');
});

test('HTML stays text', () => {
  const evil = '<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> <b>bold</b>';
  const nodes = nodesOf(evil);
  assert.equal(plainText(nodes), evil.replace('\n\n', ''));
  assert.deepEqual(all(nodes).filter((node) => typeof node !== 'string' && node.tag !== 'p'), []);
});

test('links that run code are no links', () => {
  for (const address of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'vbscript:x', 'data:text/html,<script>', '&#106;avascript:alert(1)', 'java\tscript:alert(1)'])
    assert.deepEqual(tagged(`[x](${address}) <${address}>`, 'link'), [], address);
});

test('formulas stay as they are written', () => {
  for (const formula of ['$N = k_f (R_g/a)^{D_f}$', '\\(a_1 * b_1 * c\\)', '\\[ \\frac{1}{N} \\]', '$$x_i$$'])
    assert.equal(plainText(nodesOf(`so ${formula} holds`)), `so ${formula} holds`);
  assert.deepEqual(tagged('It costs $5 and then $6.', 'formula'), []);
});

test('citations are found in any text, and stay text in code', () => {
  const marker = '【1:2†my_file_*name*_.md】';
  assert.deepEqual(tagged(`- # Porosity ${marker}`, 'citation'), [{ tag: 'citation', marker }]);
  assert.deepEqual(tagged(`**bold ${marker}**`, 'citation'), [{ tag: 'citation', marker }]);
  assert.deepEqual(tagged(`\`${marker}\``, 'citation'), []);
  assert.equal(plainText(nodesOf(`\`\`\`\n${marker}\n\`\`\``)), `${marker}\n`);
});

test('file names are no addresses', () => {
  assert.deepEqual(tagged('see furnace.md and data.py', 'link'), []);
});

test('code says its language, columns where they stand', () => {
  assert.deepEqual(tagged(text, 'code_block'), [{ tag: 'code_block', language: 'python', text: 'print("hi")\n' }]);
  assert.ok(tagged(text, 'td').some((node) => typeof node !== 'string' && node.tag === 'td' && node.align === 'right'));
});

test('tasks are the list items that begin with a box', () => {
  const done = (markdown: string): unknown[] => tagged(markdown, 'task').map((node) => typeof node === 'object' && node.tag === 'task' && node.done);
  assert.deepEqual(done('- [x] grown\n- [ ] measured\n- [X] told\n- [y] no box\n- [x]none either'), [true, false, true]);
  assert.deepEqual(done('- [ ] with\n\n  an empty line\n- [x] between'), [false, true]);
  assert.deepEqual(done('1. [x] numbered'), [true]);
  assert.deepEqual(done('[x] no list'), []);
  assert.equal(plainText(nodesOf('- [x] grown')).trim(), 'grown');
});
