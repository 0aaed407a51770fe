// A JSON Schema for people. What a name stands for opens where it is used, so that circles end.

import { useState } from 'preact/hooks';
import { Markdown } from '../markdown/markdown.tsx';
import { type Description, nameOf, resolved, type Schema } from './description.ts';

interface Props {
  description: Description;
  schema: Schema;
}

export function SchemaView({ description, schema }: Props) {
  if (schema.$ref) return <Named description={description} schema={schema} />;
  const choices = schema.oneOf ?? schema.anyOf;
  const inner = withoutNull(choices);
  return (
    <div class="docs-schema">
      {schema.description && <Markdown text={schema.description} isGrowing={false} />}
      {inner.length > 1 && <p class="ui-soft ui-small">One of:</p>}
      {inner.map((choice, index) => (
        <SchemaView key={index} description={description} schema={choice} />
      ))}
      {schema.properties && <Properties description={description} schema={schema} />}
      {schema.items && isStructured(schema.items) && <SchemaView description={description} schema={schema.items} />}
      {typeof schema.additionalProperties === 'object' && isStructured(schema.additionalProperties) && (
        <SchemaView description={description} schema={schema.additionalProperties} />
      )}
      {!choices && !schema.properties && !(schema.items && isStructured(schema.items)) && <p class="ui-soft ui-small">{typeText(description, schema)}</p>}
    </div>
  );
}

function Named({ description, schema }: Props) {
  const [open, setOpen] = useState(false);
  const meant = resolved(description, schema);
  return (
    <details class="docs-named" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><code>{nameOf(schema.$ref ?? '')}</code></summary>
      {open && <SchemaView description={description} schema={meant} />}
    </details>
  );
}

function Properties({ description, schema }: Props) {
  const required = new Set(schema.required);
  return (
    <ul class="docs-properties">
      {Object.entries(schema.properties ?? {}).map(([name, property]) => (
        <li key={name}>
          <code>{name}</code> <span class="ui-soft ui-small">{typeText(description, property)}{required.has(name) ? '' : ', may be left out'}</span>
          {isStructured(property) ? <SchemaView description={description} schema={property} /> : property.description && <Markdown text={property.description} isGrowing={false} />}
        </li>
      ))}
    </ul>
  );
}

// Whether there is more to show than a line.
function isStructured(schema: Schema): boolean {
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.some(isStructured);
  if (schema.items) return isStructured(schema.items);
  if (typeof schema.additionalProperties === 'object') return isStructured(schema.additionalProperties);
  return schema.$ref !== undefined || schema.properties !== undefined;
}

function withoutNull(choices: Schema[] | undefined): Schema[] {
  return (choices ?? []).filter((choice) => choice.type !== 'null');
}

// "array of string, 1 to 20 items"
export function typeText(description: Description, schema: Schema): string {
  const parts = [kindText(description, schema), ...bounds(schema)];
  if (schema.default !== undefined) parts.push(`${JSON.stringify(schema.default)} unless given`);
  return parts.join(', ');
}

function kindText(description: Description, schema: Schema): string {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map((choice) => kindText(description, choice)).join(' or ');
  const types = [schema.type ?? 'anything'].flat();
  return types.map((type) => (type === 'array' && schema.items ? `array of ${kindText(description, schema.items)}` : type)).join(' or ');
}

function bounds(schema: Schema): string[] {
  const between = (least: number | undefined, most: number | undefined, what: string) => {
    if (least === undefined && most === undefined) return [];
    if (most === undefined) return [`at least ${least}${what}`];
    return [least === undefined ? `at most ${most}${what}` : `${least} to ${most}${what}`];
  };
  const format = schema.format && schema.format !== 'int64' ? [schema.format] : [];
  return [
    ...format,
    ...between(schema.minimum, schema.maximum, ''),
    ...between(schema.minLength, schema.maxLength, ' characters'),
    ...between(schema.minItems, schema.maxItems, ' items'),
    ...between(undefined, schema.maxProperties, ' members'),
  ];
}
