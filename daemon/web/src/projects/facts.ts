// What is known of a project, as it is typed: a name and a value each. What looks like a number, true or false is one.

import type { Fact } from '../api/projects.ts';
import type { JsonObject } from '../api/types.ts';
import { FieldError } from '../ui/form.tsx';

export interface TypedFact {
  key: number;
  name: string;
  value: string;
}

let newest = 0;
export const blankFact = (): TypedFact => ({ key: ++newest, name: '', value: '' });
export const typedFacts = (facts: JsonObject): TypedFact[] =>
  Object.entries(facts).map(([name, value]) => ({ key: ++newest, name, value: String(value) }));

/** What a form calls the two fields; the daemon calls a fact by its name. */
export const nameField = ({ key }: TypedFact): string => `name of fact ${key}`;
export const valueField = ({ key }: TypedFact): string => `value of fact ${key}`;

/** `before` is what is stored: a text like "300" that was not touched stays a text. */
export function factsIn(typed: TypedFact[], before: JsonObject): Record<string, Fact> {
  const facts: Record<string, Fact> = {};
  for (const one of typed) {
    const name = one.name.trim();
    const value = one.value.trim();
    if (!name && !value) continue;
    if (!name) throw new FieldError(nameField(one), `Give a name to “${value}”, or leave it out.`);
    if (!value) throw new FieldError(valueField(one), `What is “${name}”? Give it a value, or leave it out.`);
    if (Object.hasOwn(facts, name)) throw new FieldError(nameField(one), `“${name}” is there twice.`);
    const kept = before[name];
    // Not by assignment: "__proto__" is a name like others.
    Object.defineProperty(facts, name, { value: typeof kept === 'string' && kept === value ? value : valueOf(value), enumerable: true });
  }
  return facts;
}

function valueOf(text: string): Fact {
  if (text === 'true' || text === 'false') return text === 'true';
  const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(text);
  const number = Number(text);
  // A number that would not come out as it was typed, such as a serial number, stays a text.
  const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number) || /e/i.test(text));
  return isNumber && isExact ? number : text;
}
