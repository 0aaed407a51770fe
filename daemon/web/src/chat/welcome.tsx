// An empty chat: a greeting, and sentences to begin with, which fill the composer.

import { useEffect, useMemo } from 'preact/hooks';
import { fillComposer } from '../state/composer.ts';
import { loadTools, tools } from '../state/tools.ts';
import { examplesOf } from './phrases.ts';

const shownExamples = 4;

export function Welcome() {
  useEffect(() => {
    if (!tools.value) void loadTools();
  }, []);
  const all = tools.value;
  const examples = useMemo(() => examplesOf(all ?? [], shownExamples), [all]);
  return (
    <div class="welcome">
      <h1>What shall we work on?</h1>
      <ul class="examples" aria-label="Examples" aria-busy={all === null}>
        {all === null
          ? Array.from({ length: shownExamples }, (_, index) => <li key={index} class="example is-waiting" />)
          : examples.map((example) => (
              <li key={example.tool}>
                <button type="button" class="example" onClick={() => fillComposer(example.text)}>
                  <span class="example-category">{example.about.join(', ')}</span>
                  {example.text}
                </button>
              </li>
            ))}
      </ul>
      {all?.length === 0 && (
        <p class="ui-soft">No tools are installed: drop a plugin into the daemon’s plugin folder and they appear here.</p>
      )}
    </div>
  );
}
