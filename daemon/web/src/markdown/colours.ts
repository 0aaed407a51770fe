// Words of code in colour: highlight.js with the languages that the daemon's users write, as a tree instead of HTML.

import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import cpp from 'highlight.js/lib/languages/cpp';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import latex from 'highlight.js/lib/languages/latex';
import python from 'highlight.js/lib/languages/python';
import yaml from 'highlight.js/lib/languages/yaml';

for (const [name, language] of Object.entries({ bash, cpp, javascript, json, latex, python, yaml })) hljs.registerLanguage(name, language);

const aliases: Record<string, string> = {
  sh: 'bash', shell: 'bash', console: 'bash', c: 'cpp', 'c++': 'cpp', h: 'cpp', hpp: 'cpp', js: 'javascript', ts: 'javascript',
  typescript: 'javascript', jsonc: 'json', py: 'python', tex: 'latex', yml: 'yaml',
};

export type ColouredText = string | { kind: 'keyword' | 'string' | 'number' | 'comment' | 'title'; parts: ColouredText[] };

// Null for languages that are not among them.
export function coloursOf(language: string, text: string): ColouredText[] | null {
  const name = aliases[language] ?? language;
  if (!hljs.getLanguage(name)) return null;
  return partsOf(hljs.highlight(text, { language: name, ignoreIllegals: true }).value);
}

const kinds: [RegExp, 'keyword' | 'string' | 'number' | 'comment' | 'title'][] = [
  [/^(keyword|built_in|type|literal|tag|name|meta)/, 'keyword'],
  [/^(string|regexp|char)/, 'string'],
  [/^(number|symbol)/, 'number'],
  [/^(comment|quote)/, 'comment'],
  [/^(title|function|section|attr|property)/, 'title'],
];

// highlight.js gives escaped text in <span class="hljs-…">, and nothing else.
function partsOf(html: string): ColouredText[] {
  const root: ColouredText[] = [];
  const open = [root];
  for (const [piece] of html.matchAll(/<span class="([^"]*)">|<\/span>|[^<]+/g)) {
    const here = open.at(-1) ?? root;
    if (piece.startsWith('</')) {
      if (open.length > 1) open.pop();
    } else if (piece.startsWith('<')) {
      const scope = /hljs-([\w-]+)/.exec(piece)?.[1] ?? '';
      const kind = kinds.find(([scopes]) => scopes.test(scope))?.[1];
      if (!kind) open.push(here);
      else {
        const part = { kind, parts: [] as ColouredText[] };
        here.push(part);
        open.push(part.parts);
      }
    } else here.push(unescaped(piece));
  }
  return root;
}

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" };
const unescaped = (text: string): string => text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity] ?? entity);
