// Data as a plot, as tables and as what it is, whichever of these it can be.

import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import type { ArtifactRef, Json } from '../api/types.ts';
import { type Content, useText } from './content.ts';
import { parseTable } from './csv.ts';
import { type Curve, curvesInJson, curvesInTable } from './curves.ts';
import { tablesInJson } from './json_tables.ts';
import { JsonView } from './json_view.tsx';
import { Waiting } from './loading.tsx';
import { Plot } from './plot.tsx';
import { SourceText } from './source_view.tsx';
import { shortNumber } from '../particles/scale.ts';
import type { Table } from './table.ts';
import { TableView } from './table_view.tsx';

interface Data {
  curves: Curve[];
  tables: Table[];
  json?: Json;
}

const mostCurves = 4;

/** Throws when the text is no JSON. */
function dataIn(artifact: ArtifactRef, text: string, isWhole: boolean, isJson: boolean): Data {
  if (!isJson) {
    const table = parseTable(artifact.name, text, isWhole);
    return { curves: curvesInTable(table), tables: [table] };
  }
  const json = JSON.parse(text) as Json;
  return { curves: curvesInJson(json).slice(0, mostCurves), tables: tablesInJson(json), json };
}

interface Properties {
  artifact: ArtifactRef;
  isJson: boolean;
  /** It has the window for itself. */
  whole: boolean;
  /** What is shown before what the file itself holds. */
  first?: View[];
}

export interface View {
  label: string;
  body: () => ComponentChildren;
}

export function DataView(properties: Properties) {
  const content = useText(properties.artifact);
  if (content.state !== 'loaded') return <Waiting loading={content} />;
  return <Parsed {...properties} {...content.value} />;
}

function Parsed({ artifact, text, isWhole, encoding, isJson, whole, first = [] }: Properties & Content) {
  const data = useMemo(() => {
    try {
      return dataIn(artifact, text, isWhole, isJson);
    } catch {
      // Cut off, or not what its name says: it can be read all the same.
      return null;
    }
  }, [artifact.id, text]);
  const [chosen, setChosen] = useState(0);
  const source = (): ComponentChildren => <SourceText text={text} isWhole={isWhole} encoding={encoding} />;
  if (!data && first.length === 0) return <>{source()}</>;

  const views: View[] = [...first, ...(data ? viewsOf(data, whole, first.length > 0) : [{ label: 'File', body: source }])];
  const shown = views[chosen] ?? views[0]!;
  return (
    <div class="data">
      {views.length > 1 && (
        <div class="tabs is-small" role="group" aria-label="How it is shown">
          {views.map((view, i) => (
            <button type="button" key={view.label} aria-pressed={view === shown} onClick={() => setChosen(i)}>
              {view.label}
            </button>
          ))}
        </div>
      )}
      {shown.body()}
      {encoding && data && <p class="table-count ui-soft ui-small">Read as {encoding}, since it is not UTF-8.</p>}
    </div>
  );
}

function viewsOf({ curves, tables, json }: Data, whole: boolean, isNamed: boolean): View[] {
  const numbers = [tables.length > 0 && 'Table', json !== undefined && 'JSON'].filter(Boolean).join(' or ');
  return [
    ...curves.map((curve) => ({ label: curves.length > 1 ? curve.name : 'Plot', body: () => <CurveView curve={curve} height={whole ? 520 : 280} numbers={numbers} /> })),
    ...tables.map((table) => ({ label: tables.length > 1 || isNamed ? `Table: ${table.name}` : 'Table', body: () => <TableView table={table} /> })),
    ...(json === undefined ? [] : [{ label: 'JSON', body: () => <JsonView value={json} /> }]),
  ];
}

// `numbers`: where they can be read.
function CurveView({ curve, height, numbers }: { curve: Curve; height: number; numbers: string }) {
  const told = curve.series.map((one) => `${one.label} (${rangeOf(one.y)})`).join(', ');
  return <Plot data={curve} height={height} label={`Plot of ${told} against ${curve.xLabel} (${rangeOf(curve.x)}), ${curve.x.length.toLocaleString('en')} points; the numbers are under ${numbers}.`} />;
}

/** What the eye takes from the axes. */
function rangeOf(values: (number | null)[]): string {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return 'without numbers';
  const lowest = known.reduce((least, value) => Math.min(least, value));
  const highest = known.reduce((most, value) => Math.max(most, value));
  return `from ${shortNumber(lowest)} to ${shortNumber(highest)}`;
}
