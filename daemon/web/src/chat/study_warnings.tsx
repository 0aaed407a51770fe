// What the results of a study's runs say to be careful about: each warning once, with the number of runs that have it.

import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/client.ts';
import type { Study, StudyResults } from '../api/types.ts';

interface Warning {
  text: string;
  runs: number;
}

const shownAtFirst = 3;

export function StudyWarnings({ study }: { study: Study }) {
  const warnings = useWarnings(study);
  if (warnings.length === 0) return null;
  const told = ({ text, runs }: Warning) => (
    <li key={text}>
      {runs.toLocaleString('en')} of {study.counts.completed.toLocaleString('en')} {study.counts.completed === 1 ? 'run' : 'runs'}: {text}
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
    readWarnings(id, stop.signal).then(setWarnings, () => undefined);
    return () => stop.abort();
  }, [id, hasEnded, counts.completed]);
  return hasEnded ? warnings : [];
}

const atOnce = 100;

async function readWarnings(id: string, signal: AbortSignal): Promise<Warning[]> {
  const runs = new Map<string, number>();
  for (let first = 0; ; first += atOnce) {
    const page = await get<StudyResults>(`/studies/${encodeURIComponent(id)}/results`, { query: { limit: atOnce, first }, signal });
    for (const { warnings } of page.combinations) for (const one of warnings) runs.set(one.text, (runs.get(one.text) ?? 0) + one.runs);
    if (!page.has_more) break;
  }
  return [...runs].map(([text, count]) => ({ text, runs: count })).sort((one, other) => other.runs - one.runs);
}
