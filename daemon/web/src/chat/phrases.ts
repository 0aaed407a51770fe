// Sentences that people could begin with, made of the phrases of the tools' manifests: "grow [big] (cluster|tree) of
// {n_particles} particles" → "Grow cluster of 500 particles". Phrases whose slots cannot be filled sensibly are left out.

import type { Json, JsonObject, Tool } from '../api/types.ts';

export interface Example {
  tool: string;
  category: string;
  text: string;
}

// One each of as many different tools as possible, tools of different categories first. Of what can be said without
// anything that must exist before.
export function examplesOf(tools: Tool[], wanted: number): Example[] {
  const all = tools
    .filter((tool) => tool.allowed && !tool.needs_approval && !tool.requires_project && !tool.effects.destructive)
    .flatMap((tool) => exampleOf(tool) ?? []);
  const byCategory = new Map<string, Example[]>();
  for (const example of all) byCategory.set(example.category, [...(byCategory.get(example.category) ?? []), example]);
  // What the daemon says of itself comes last.
  const groups = [...byCategory].sort(([a], [b]) => Number(a === 'assistd') - Number(b === 'assistd')).map(([, group]) => group);
  const chosen: Example[] = [];
  for (let round = 0; chosen.length < wanted && groups.some((group) => group.length > round); round++)
    for (const group of groups) {
      const example = group[round];
      if (example && chosen.length < wanted) chosen.push(example);
    }
  return chosen;
}

function exampleOf(tool: Tool): Example | null {
  const properties = objectIn(tool.input_schema, 'properties');
  for (const phrase of tool.phrases) {
    const text = sentenceOf(phrase, properties);
    if (text) return { tool: tool.name, category: tool.category, text };
  }
  return null;
}

// Null when a slot has no sensible value.
export function sentenceOf(phrase: string, properties: JsonObject): string | null {
  const words = new Reader(phrase, properties).read();
  if (words === null) return null;
  const text = words.replaceAll(/\s+/g, ' ').trim();
  return text && text.charAt(0).toUpperCase() + text.slice(1);
}

// Takes the first alternative, leaves out what is optional and what only sets a value.
class Reader {
  private at = 0;
  private text: string;
  private properties: JsonObject;

  constructor(text: string, properties: JsonObject) {
    this.text = text;
    this.properties = properties;
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
        this.alternatives(']');
        words += ' ';
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
    return inside.includes('=') ? '' : valueFor(this.properties[inside]);
  }
}

// A value that the tool takes; null for what must exist before, and for free text.
function valueFor(schema: Json | undefined): string | null {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return null;
  if (schema.format === 'artifact') return null;
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
