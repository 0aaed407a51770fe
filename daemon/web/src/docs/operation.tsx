// One operation: a line that opens into what it takes and what it answers.

import { useEffect, useState } from 'preact/hooks';
import { Markdown } from '../markdown/markdown.tsx';
import { type Description, type Entry, type MediaType, type Parameter, resolved, scopeOf } from './description.ts';
import { SchemaView, typeText } from './schema.tsx';

interface Props {
  description: Description;
  entry: Entry;
  isOpen: boolean;
}

export function OperationView({ description, entry, isOpen }: Props) {
  const { operation, method, path } = entry;
  const [open, setOpen] = useState(isOpen);
  useEffect(() => {
    if (isOpen) setOpen(true);
  }, [isOpen]);
  return (
    <article class="docs-operation" id={operation.operationId}>
      <h3>
        <button type="button" class="docs-line" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span class={`docs-method is-${method}`}>{method.toUpperCase()}</span>
          <code class="docs-path">{path}</code>
          <span class="docs-summary">{operation.summary}</span>
        </button>
      </h3>
      {open && <Body description={description} entry={entry} />}
    </article>
  );
}

function Body({ description, entry }: { description: Description; entry: Entry }) {
  const { operation } = entry;
  const scope = scopeOf(operation);
  const parameters = (operation.parameters ?? []).map((one) => resolved(description, one));
  const body = operation.requestBody;
  return (
    <div class="docs-body">
      {operation.description && <Markdown text={operation.description} isGrowing={false} />}
      <p class="ui-soft ui-small">
        <a href={`#${operation.operationId}`}>{operation.operationId}</a>
        {' · '}
        {scope ? <>needs the scope <code>{scope}</code></> : 'open to everybody'}
      </p>
      {parameters.length > 0 && <Parameters description={description} parameters={parameters} />}
      {body && (
        <>
          <h4>Body{body.required === false ? ' (may be left out)' : ''}</h4>
          {body.description && <Markdown text={body.description} isGrowing={false} />}
          <Content description={description} content={body.content} />
        </>
      )}
      <h4>Replies</h4>
      {Object.entries(operation.responses).map(([status, given]) => {
        const response = resolved(description, given);
        const isGood = /^[23]/.test(status);
        return (
          <details class="docs-reply" key={status} open={isGood && response.content !== undefined}>
            <summary><span class={`ui-badge ${isGood ? 'is-good' : 'is-warn'}`}>{status}</span> {withCode(response.description)}</summary>
            {response.content ? <Content description={description} content={response.content} /> : <p class="ui-soft">No body.</p>}
          </details>
        );
      })}
    </div>
  );
}

// A line of text in which `this` is code.
function withCode(line: string) {
  return line.split('`').map((piece, i) => (i % 2 === 1 ? <code key={i}>{piece}</code> : piece));
}

function Parameters({ description, parameters }: { description: Description; parameters: Parameter[] }) {
  return (
    <>
      <h4>Parameters</h4>
      <ul class="docs-properties">
        {parameters.map((one) => (
          <li key={`${one.in} ${one.name}`}>
            <code>{one.name}</code> <span class="ui-soft ui-small">in the {one.in === 'header' ? 'headers' : one.in}, {typeText(description, one.schema)}{one.required ? ', required' : ''}</span>
            {one.description && <Markdown text={one.description} isGrowing={false} />}
          </li>
        ))}
      </ul>
    </>
  );
}

function Content({ description, content }: { description: Description; content: Record<string, MediaType> }) {
  return (
    <>
      {Object.entries(content).map(([type, media]) => (
        <div class="docs-media" key={type}>
          <p><code>{type}</code></p>
          {media['x-events'] ? <Events description={description} media={media} /> : media.schema && Object.keys(media.schema).length > 0 && <SchemaView description={description} schema={media.schema} />}
          {media.example !== undefined && <Example text={JSON.stringify(media.example, null, 2)} />}
          {media['x-example'] && <Example text={media['x-example']} />}
        </div>
      ))}
    </>
  );
}

function Events({ description, media }: { description: Description; media: MediaType }) {
  return (
    <>
      {media.schema?.description && <Markdown text={media.schema.description} isGrowing={false} />}
      <ul class="docs-properties">
        {Object.entries(media['x-events'] ?? {}).map(([name, schema]) => (
          <li key={name}>
            <code>{name}</code>
            <SchemaView description={description} schema={schema} />
          </li>
        ))}
      </ul>
      {media['x-end'] && <p>The last frame's data is <code>{media['x-end']}</code>.</p>}
    </>
  );
}

function Example({ text }: { text: string }) {
  return (
    <figure class="docs-example">
      <figcaption class="ui-soft ui-small">Example</figcaption>
      <pre tabIndex={0} aria-label="Example"><code>{text}</code></pre>
    </figure>
  );
}
