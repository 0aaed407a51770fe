// Sentences that people could begin with, made of the phrases of the tools' manifests: "grow [big] (cluster|tree) of
// {n_particles} particles" → "Grow cluster of 500 particles". Phrases whose slots cannot be filled sensibly are left out.

import type { Json, JsonObject, Tool } from '../api/types.ts';

// The one that looks into documents.
const documentTool = 'file_search';

// The plugin of the tools that are there without any.
export const daemonItself = 'assistd';

export interface Example {
  tool: string;
  // The categories of the tools that it runs.
  about: string[];
  text: string;
}

// First a tool that makes something out of nothing; each sentence after it goes on with what is made, each time by another
// tool of another kind: "Grow a cluster of 500 particles, then plot it". A machine whose tools make nothing gets what they
// can be asked. With documents, the last one begins a question about them.
export function examplesOf(tools: Tool[], wanted: number, hasDocuments = false): Example[] {
  const usable = tools.filter((tool) => tool.allowed && !tool.needs_approval && !tool.requires_project && !tool.effects.destructive);
  const question = hasDocuments ? questionIn(usable) : null;
  const others = examplesOfWork(usable, question ? wanted - 1 : wanted);
  return question ? [...others, question] : others;
}

function examplesOfWork(usable: Tool[], wanted: number): Example[] {
  const making = usable.filter((tool) => tool.effects.writes && !tool.effects.reads).flatMap((tool) => exampleOf(tool, null) ?? []);
  // The daemon's own tools are about what others have made: without any there is nothing to ask them of.
  if (making.length === 0) return usable.filter((tool) => tool.plugin.id !== daemonItself).flatMap((tool) => exampleOf(tool, null) ?? []).slice(0, wanted);
  // Those that say how much, how many: they show that a sentence may carry values.
  making.sort((a, b) => Number(/\d/.test(b.text)) - Number(/\d/.test(a.text)));
  const kinds = new Set(making.flatMap((example) => example.about));
  const followUps = byTurns(usable.filter((tool) => !kinds.has(tool.category)).flatMap((tool) => exampleOf(tool, kinds) ?? []));
  return making.slice(0, wanted).map((example, index) => {
    const next = index > 0 ? followUps[index - 1] : undefined;
    return next ? { ...example, about: [...example.about, ...next.about], text: `${example.text}, then ${lowered(next.text)}` } : example;
  });
}

// A question that is to be ended: "What do the documents say about …".
function questionIn(tools: Tool[]): Example | null {
  for (const { name, phrases, input_schema: schema } of tools.filter((tool) => tool.name === documentTool)) {
    const [slot] = phrases.flatMap((phrase) => /^(.*)\{(\w+)\}$/.exec(phrase)?.[2] ?? []);
    const phrase = phrases.find((one) => one.endsWith(`{${slot}}`));
    if (!slot || !phrase) continue;
    const words = sentenceOf(phrase.slice(0, -slot.length - 2), objectIn(schema, 'properties'));
    if (words) return { tool: name, about: ['documents'], text: `${words} ` };
  }
  return null;
}

// One of each category, the shortest first, then another one of each.
function byTurns(examples: Example[]): Example[] {
  const left = [...examples].sort((one, other) => one.text.length - other.text.length);
  const inTurn: Example[] = [];
  while (left.length > 0) {
    const round = onePerCategory(left);
    inTurn.push(...round);
    for (const one of round) left.splice(left.indexOf(one), 1);
  }
  return inTurn;
}

// The shortest of each category.
function onePerCategory(examples: Example[]): Example[] {
  const best = new Map<string, Example>();
  for (const example of examples) {
    const category = example.about[0] ?? '';
    const known = best.get(category);
    if (!known || example.text.length < known.text.length) best.set(category, example);
  }
  return [...best.values()];
}

// With `it`: a tool that takes an artifact of one of these kinds, and a phrase that calls it "it".
function exampleOf(tool: Tool, it: ReadonlySet<string> | null): Example | null {
  const properties = objectIn(tool.input_schema, 'properties');
  for (const phrase of tool.phrases) {
    const text = withRequired(tool, phrase, sentenceOf(phrase, properties, it), properties);
    if (text && (!it || /\bit\b/.test(text))) return { tool: tool.name, about: [tool.category], text };
  }
  return null;
}

// What the tool must be told and the phrase does not say is said by one of its options, as in "with 500 particles".
function withRequired(tool: Tool, phrase: string, text: string | null, properties: JsonObject): string | null {
  const required = tool.input_schema.required;
  if (text === null || !Array.isArray(required)) return text;
  // Optional parts are left out.
  const said = phrase.replaceAll(/\[[^[\]]*\]/g, '');
  let whole = text;
  for (const name of required) {
    if (typeof name !== 'string' || said.includes(`{${name}}`) || said.includes(`{${name}=`)) continue;
    const option = tool.options.find((one) => one.includes(`{${name}}`));
    const added = option && sentenceOf(option.replace(/^\[([^\]]*)\]/, '($1)'), properties);
    if (!added) return null;
    whole += ` ${lowered(added)}`;
  }
  return whole;
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

// Null when a slot has no sensible value.
export function sentenceOf(phrase: string, properties: JsonObject, it: ReadonlySet<string> | null = null): string | null {
  const words = new Reader(phrase, properties, it).read();
  if (words === null) return null;
  const text = words.replaceAll(/\s+/g, ' ').trim();
  return text && text.charAt(0).toUpperCase() + text.slice(1);
}

const articles = new Set(['a', 'an', 'the']);

// Takes the first alternative, leaves out what is optional, but for articles, and what only sets a value.
class Reader {
  private at = 0;
  private text: string;
  private properties: JsonObject;
  private it: ReadonlySet<string> | null;

  constructor(text: string, properties: JsonObject, it: ReadonlySet<string> | null) {
    this.text = text;
    this.properties = properties;
    this.it = it;
  }

  read(): string | null {
    return this.sequence('');
  }

  private sequence(ends: string): string | null {
    let words = '';
    let isPossible = true;
    while (this.at < this.text.length) {
      const character = this.text[this.at] ?? '';
      if (ends.includes(character)) break;
      this.at++;
      if (character === '[') {
        const said = this.alternatives(']');
        // Without these it would be no English.
        words += said !== null && articles.has(said) ? said : ' ';
      } else if (character === '(') {
        const chosen = this.alternatives(')');
        if (chosen === null) isPossible = false;
        else words += chosen;
      } else if (character === '{') {
        const value = this.slot();
        if (value === null) isPossible = false;
        else words += value;
      } else words += character;
    }
    return isPossible ? words : null;
  }

  // The first that can be said.
  private alternatives(end: string): string | null {
    let chosen: string | null = null;
    while (this.at < this.text.length) {
      const one = this.sequence(`|${end}`);
      chosen ??= one;
      if (this.text[this.at++] === end) break;
    }
    return chosen;
  }

  private slot(): string | null {
    const end = this.text.indexOf('}', this.at);
    const inside = this.text.slice(this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.text.length : end + 1;
    return inside.includes('=') ? '' : valueFor(this.properties[inside], this.it);
  }
}

// A value that the tool takes; null for what must exist before, and for free text.
function valueFor(schema: Json | undefined, it: ReadonlySet<string> | null): string | null {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return null;
  if (schema.format === 'artifact') {
    const kinds = schema['x-artifact-kinds'];
    return it && Array.isArray(kinds) && kinds.some((kind) => typeof kind === 'string' && it.has(kind)) ? 'it' : null;
  }
  const examples = schema.examples;
  if (Array.isArray(examples) && isPlain(examples[0])) return String(examples[0]);
  if (isPlain(schema.default)) return String(schema.default);
  if (Array.isArray(schema.enum) && isPlain(schema.enum[0])) return String(schema.enum[0]);
  return schema.type === 'integer' || schema.type === 'number' ? numberFor(schema) : null;
}

const isPlain = (value: Json | undefined): value is string | number => typeof value === 'string' || typeof value === 'number';

function numberFor(schema: JsonObject): string | null {
  const least = [schema.minimum, schema.exclusiveMinimum].find((one): one is number => typeof one === 'number') ?? 1;
  const most = [schema.maximum, schema.exclusiveMaximum].find((one): one is number => typeof one === 'number') ?? Number.POSITIVE_INFINITY;
  const usual = schema.type === 'integer' ? 500 : (least + Math.min(most, least + 1)) / 2;
  const value = Math.min(most, Math.max(least, usual));
  return Number.isFinite(value) ? String(value) : null;
}

function objectIn(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
