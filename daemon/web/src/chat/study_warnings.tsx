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
  const warnings = new Map<string, Warning>(); // “R^2 = 0.91” and “R^2 = 0.93” warn of the same
  for (let first = 0; ; first += atOnce) {
    const page = await get<StudyResults>(`/studies/${encodeURIComponent(id)}/results`, { query: { limit: atOnce, first }, signal });
    for (const combination of page.combinations) combination.warnings.forEach((one) => add(warnings, one));
    if (!page.has_more) break;
  }
  return [...warnings.values()].sort((one, other) => other.runs - one.runs);
}

function add(warnings: Map<string, Warning>, { text, runs }: Warning): void {
  const same = text.replace(/\d[\d.]*/g, '#');
  const known = warnings.get(same);
  warnings.set(same, known ? { text: known.text, runs: known.runs + runs } : { text, runs });
}
