// What the results of a study's runs say to be careful about: each warning once, with the number of runs that have it.

import { useEffect, useState } from 'preact/hooks';
import type { Study } from '../api/types.ts';
import { combinationsOf } from '../state/studies.ts';
import { withTitles } from '../state/tools.ts';
import { merged, type Warning } from './merged_warnings.ts';

const shownAtFirst = 3;

export function StudyWarnings({ study }: { study: Study }) {
  const warnings = useWarnings(study);
  if (warnings.length === 0) return null;
  const told = ({ text, runs }: Warning) => (
    <li key={text}>
      {runs.toLocaleString('en')} of {study.counts.completed.toLocaleString('en')} {study.counts.completed === 1 ? 'run' : 'runs'}: {withTitles(text)}
    </li>
  );
  return (
    <div class="call-warnings">
      <ul aria-label="What its runs warn of">{warnings.slice(0, shownAtFirst).map(told)}</ul>
      {warnings.length > shownAtFirst && (
        <details>
          <summary>{warnings.length - shownAtFirst} more</summary>
          <ul aria-label="What else its runs warn of">{warnings.slice(shownAtFirst).map(told)}</ul>
        </details>
      )}
    </div>
  );
}

// Once it has ended: before, what is to be said changes with every run.
function useWarnings({ id, status, counts }: Study): Warning[] {
  const [warnings, setWarnings] = useState<Warning[]>([]);
  const hasEnded = status !== 'running' && counts.completed > 0;
  useEffect(() => {
    if (!hasEnded) return;
    const stop = new AbortController();
    combinationsOf(id, stop.signal).then(
      (combinations) => setWarnings(merged(combinations.flatMap((one) => one.warnings))),
      () => undefined,
    );
    return () => stop.abort();
  }, [id, hasEnded, counts.completed]);
  return hasEnded ? warnings : [];
}
