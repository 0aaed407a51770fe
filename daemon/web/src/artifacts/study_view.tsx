// The table of a study: first what its runs gave for each combination of parameters, behind it the runs themselves.

import { useMemo } from 'preact/hooks';

import { ApiError } from '../api/client.ts';
import type { ArtifactRef, Combination } from '../api/types.ts';
import { combinationsOf } from '../state/studies.ts';
import { aboutArtifact } from './about.ts';
import { type Loading, useLoaded } from './content.ts';
import { DataView } from './data_view.tsx';
import { resultsTable } from './json_tables.ts';
import { Waiting } from './loading.tsx';
import { TableView } from './table_view.tsx';

export function StudyView({ artifact, whole }: { artifact: ArtifactRef; whole: boolean }) {
  const results = useLoaded(artifact.handle, (signal) => resultsOf(artifact.handle, signal));
  const hasNone = results.state === 'loaded' && results.value.length === 0;
  const first = hasNone ? [] : [{ label: 'Results', body: () => <Results loading={results} /> }];
  return <DataView artifact={artifact} isJson whole={whole} first={first} />;
}

async function resultsOf(handle: string, signal: AbortSignal): Promise<Combination[]> {
  const { metadata } = await aboutArtifact(handle);
  try {
    const all = typeof metadata.id === 'string' ? await combinationsOf(metadata.id, signal) : [];
    return all.filter((one) => Object.keys(one.metrics).length > 0);
  } catch (error) {
    // The table outlives its study.
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}

function Results({ loading }: { loading: Loading<Combination[]> }) {
  const table = useMemo(() => (loading.state === 'loaded' ? resultsTable(loading.value) : null), [loading]);
  return table ? <TableView table={table} note="Mean ± standard deviation of the runs with the same parameters" /> : <Waiting loading={loading} />;
}
