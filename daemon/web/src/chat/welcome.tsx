// An empty chat: a greeting, and sentences to begin with, which fill the composer.

import { useEffect, useMemo, useState } from 'preact/hooks';
import { get } from '../api/client.ts';
import type { DocumentCounts } from '../api/types.ts';
import { fillComposer } from '../state/composer.ts';
import { mayWrite } from '../state/session.ts';
import { loadTools, tools } from '../state/tools.ts';
import { daemonItself, examplesOf } from './phrases.ts';

const shownExamples = 4;

export function Welcome() {
  useEffect(() => {
    if (!tools.value) void loadTools();
  }, []);
  const all = tools.value;
  const [hasDocuments, setHasDocuments] = useState(false);
  useEffect(() => {
    get<{ counts: DocumentCounts }>('/documents', { query: { limit: 1 } }).then(
      ({ counts }) => setHasDocuments(counts.completed > 0),
      // The examples are there without one about documents.
      () => undefined,
    );
  }, []);
  const examples = useMemo(() => examplesOf(all ?? [], shownExamples, hasDocuments), [all, hasDocuments]);
  return (
    <div class="welcome">
      <h1>What shall we work on?</h1>
      {mayWrite.value && (
        <ul class="examples" aria-label="Examples" aria-busy={all === null}>
          {all === null
            ? Array.from({ length: shownExamples }, (_, index) => <li key={index} class="example is-waiting" />)
            : examples.map((example) => (
                <li key={example.tool}>
                  <button type="button" class="example" onClick={() => fillComposer(example.text)}>
                    <span class="example-category">{example.about.join(', ')}</span>
                    {example.text.endsWith(' ') ? `${example.text}…` : example.text}
                  </button>
                </li>
              ))}
        </ul>
      )}
      {mayWrite.value && <p class="welcome-note ui-small ui-soft">Files can be dropped anywhere here, to ask about them.</p>}
      {all?.every((tool) => tool.plugin.id === daemonItself) && (
        <p class="ui-soft">No plugins are installed: drop one into the daemon’s plugin folder, and what its tools can do appears here.</p>
      )}
    </div>
  );
}
