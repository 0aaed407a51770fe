import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Artifact, JsonObject, Tool, UsageReport, UsageRow } from '../../../daemon/web/src/api/types.ts';
import { plotOf } from '../../../daemon/web/src/admin/usage_data.ts';
import { parseTable } from '../../../daemon/web/src/artifacts/csv.ts';
import { curvesInJson, curvesInTable } from '../../../daemon/web/src/artifacts/curves.ts';
import { decoded } from '../../../daemon/web/src/artifacts/decoded.ts';
import { formatsOf } from '../../../daemon/web/src/artifacts/formats.ts';
import { resultsTable, tablesInJson } from '../../../daemon/web/src/artifacts/json_tables.ts';
import { descriptionOf, presentationOf } from '../../../daemon/web/src/artifacts/kinds.ts';
import { kindsIn } from '../../../daemon/web/src/artifacts/known_kinds.ts';
import { numbersIn, shortened, sorted } from '../../../daemon/web/src/artifacts/table.ts';
import { isBinary, looksBinary } from '../../../daemon/web/src/documents/binary.ts';
import { countCharacters, placeIn } from '../../../daemon/web/src/documents/passage.ts';
import { fromHit, highlight } from '../../../daemon/web/src/documents/highlight.ts';

const rowsOf = (text: string, isWhole = true) => parseTable('t', text, isWhole).rows;

test('tables are read as RFC 4180 has them', () => {
  assert.deepEqual(rowsOf('a,b\r\n1,"x, ""y""\nz"\r\n'), [['1', 'x, "y"\nz']]);
  assert.deepEqual(rowsOf('a;b\n1,5;2\n'), [['1,5', '2']], 'semicolons, with commas in numbers');
  assert.deepEqual(rowsOf('a\tb\n1\t\n'), [['1', '']], 'an empty last field');
  assert.deepEqual(rowsOf('\ufeff# simulation: s\n# df: 2\nx,y\n1,2'), [['1', '2']], 'a byte order mark and comments');
  assert.deepEqual(rowsOf('a,b\n1,"open'), [['1', 'open']], 'a quote that never ends');
  assert.deepEqual(rowsOf('a,b\n1,2\n3,4', false), [['1', '2']], 'the last line of a beginning may be cut');
  assert.deepEqual(rowsOf(''), []);
  assert.deepEqual(parseTable('t', 'a\n1\n2\n', true).rows.length, 2, 'one column');
});

test('columns of numbers are known, and sort as numbers; empty fields come last', () => {
  const table = parseTable('t', 'name,value\nb,10\na,9\nc,\nd,-1e3\n', true);
  assert.deepEqual(table.columns.map((column) => column.isNumeric), [false, true]);
  const names = (descending: boolean) => sorted(table, { column: 1, descending }).map((row) => row[0]);
  assert.deepEqual(names(false), ['d', 'a', 'b', 'c']);
  assert.deepEqual(names(true), ['b', 'a', 'd', 'c']);
  assert.equal(sorted(table, null), table.rows);
});

test('numbers with decimal commas are numbers where commas do not part the fields', () => {
  const table = parseTable('t', 'Stoff;Größe [µm];Anzahl\nRuß;1,5;1.200\nStaub;10,25;12\nSand;1.000,5;3\nRest;;\n', true);
  assert.deepEqual(table.columns.map((column) => column.isNumeric), [false, true, true]);
  assert.deepEqual(sorted(table, { column: 1, descending: true }).map((row) => row[0]), ['Sand', 'Staub', 'Ruß', 'Rest']);
  assert.deepEqual(numbersIn(table, 1), [1.5, 10.25, 1000.5, Number.NaN]);
  assert.deepEqual(numbersIn(table, 2), [1.2, 12, 3, Number.NaN], 'without a comma in its column a point is a decimal point');
  assert.deepEqual(['3,14159265358', '-1,5', '1.000,5', '0,1234567e-3'].map(shortened), ['3,14159', '-1,5', '1.000,5', '0,000123457']);
  const parted = parseTable('t', 'name,value\n"a","1,5"\n"b","2,5"\n', true);
  assert.deepEqual(parted.columns.map((column) => column.isNumeric), [false, false], 'thousands or decimals: nobody can tell');
  assert.deepEqual(rowsOf('t\tx\n0,1\t1,5\n0,2\t2,5\n'), [['0,1', '1,5'], ['0,2', '2,5']], 'tabs');
});

test('what parts the fields is what does so in every line; numbers at the top are no names', () => {
  const measured = parseTable('t', '0,1;1,5;3,25\n0,2;2,5;4,25\n', true);
  assert.deepEqual(measured.columns.map((column) => [column.name, column.isNumeric]), [['Column 1', true], ['Column 2', true], ['Column 3', true]]);
  assert.deepEqual(measured.rows.length, 2);
  assert.deepEqual(rowsOf('Zeit, gemessen, in s;Rg\n1;2\n'), [['1', '2']], 'more commas than semicolons in the names');
  assert.deepEqual(rowsOf('a,b\nx;y,1\nz,2\n'), [['x;y', '1'], ['z', '2']]);
});

const decades = [1, 2, 5, 10, 20, 50];

test('curves are found where lists of one length stand together', () => {
  const [curve, ...others] = curvesInJson({
    df: 2, points: { box_size: decades, count: [900, 300, 80, 20, 8, 1], fitted: [true, true, true, true, true, false] },
    subject: { deeper: { n: decades, rg: decades } },
  });
  assert.deepEqual(others, []);
  assert.equal(curve?.xLabel, 'box size');
  assert.deepEqual([curve?.isLogX, curve?.isLogY, curve?.isScatter], [true, true, true]);
  assert.deepEqual(curve?.series.map((one) => one.label), ['count, in the fit', 'count, left out']);
  assert.deepEqual(curve?.series[1]?.y, [null, null, null, null, null, 1]);
  assert.equal(curve?.yLabel, 'count');
  assert.deepEqual(curve?.series.map((one) => [one.hue, one.isPale ?? false]), [[0, false], [0, true]], 'of one hue');
  const [counted] = curvesInJson({
    format: 'assistd.box_counting/1', df: 2, intercept: Math.log(400),
    points: { box_size: decades, count: decades.map((size) => 410 / size ** 2), fitted: decades.map((size) => size < 50) },
  });
  const fit = counted?.series.at(-1);
  assert.deepEqual([fit?.label, fit?.isLine, fit?.hue], ['fit, Df = 2', true, 0]);
  assert.deepEqual(fit?.y.map((value) => value && Math.round(value)), [400, 100, 16, 4, 1, null], 'as far as it was fitted');
  assert.deepEqual(curvesInJson({ values: [1, 2, 3, 4] }), [], 'one list alone is no curve');
  assert.deepEqual(curvesInJson({ a: [1, 1, 1, 1], b: [2, 2, 2, 2] }), [], 'nothing rises');
  assert.deepEqual(curvesInJson([1, 2]), []);
  assert.deepEqual(curvesInJson(null), []);
});

test('a narrow table of numbers is a curve, a wide one a list of properties', () => {
  const narrow = parseTable('growth', 'n,rg [a]\n1,0.8\n2,1.3\n4,2\n8,3\n16,5', true);
  assert.deepEqual(curvesInTable(narrow).map((curve) => [curve.xLabel, curve.isLogX]), [['n', true]]);
  const wide = parseTable('w', `a,b,c,d,e,f\n${[1, 2, 3, 4, 5].map((i) => Array(6).fill(i).join()).join('\n')}`, true);
  assert.deepEqual(curvesInTable(wide), []);
});

test('lists of objects are tables, and so are objects of like objects', () => {
  const [runs, metrics] = tablesInJson({
    runs: [{ run: 1, parameters: { seed: 3 } }, { run: 2, error: 'no', parameters: { seed: 4 } }],
    metrics: { df: { mean: 1 }, kf: { mean: 2 }, rg: { mean: 3 } },
    name: 'x',
  });
  assert.deepEqual(runs?.columns.map((column) => column.name), ['run', 'seed', 'error']);
  assert.deepEqual(runs?.rows, [['1', '3', ''], ['2', '4', 'no']]);
  assert.deepEqual(metrics?.rows[1], ['kf', '2']);
});

const namesOf = (table: ReturnType<typeof resultsTable> | undefined) => table?.columns.map((column) => column.name);

test('a study tells the mean and deviation of each combination, and of its runs what tells most first', () => {
  const one = (mean: number, std: number | null, count = 3) => ({ count, mean, std, min: 0, max: 9 });
  const table = resultsTable([
    { parameters: { n: 100 }, completed: 3, failed: 0, warnings: [], metrics: { anisotropy: one(0.05, 0), df: one(1.78123, 0.0234), rg: one(10, 0.51, 2) } },
    { parameters: { n: 90 }, completed: 1, failed: 2, warnings: [], metrics: { df: one(1.8, null, 1), kf: one(1.3, null, 1) } },
  ]);
  assert.deepEqual(namesOf(table), ['n', 'runs', 'df', 'kf', 'rg', 'anisotropy']);
  assert.deepEqual(table.rows.map((row) => row.map(shortened)), [
    ['100', '3', '1.781 ± 0.023', '', '10.00 ± 0.51 (2 of 3)', '0.05'],
    ['90', '1, 2 failed', '1.8', '1.3', '', ''],
  ]);
  assert.deepEqual(sorted(table, { column: 2, descending: true }).map((row) => row[0]), ['90', '100'], 'by the means');
  const [runs, ...others] = tablesInJson({
    study: { id: 'study_1' },
    runs: [{ run: 1, parameters: { n: 100, seed: 7 }, metrics: { anisotropy: 0.05, kf: 1.3, df: 1.78, seed: 1 }, artifacts: ['simulation-1', 'simulation-2'] }],
  });
  assert.deepEqual(others, []);
  assert.deepEqual(namesOf(runs), ['run', 'n', 'parameters.seed', 'df', 'kf', 'anisotropy', 'metrics.seed', 'artifacts']);
  assert.equal(runs?.rows[0]?.at(-1), 'simulation-1, simulation-2');
});

test('a value and its uncertainty are written to the same place', () => {
  const written = ['2.4716374 ± 0.0047676', '676.78 ± 886.6', '9.4368e-16 ± 1.11e-16', '0.012 ± 0.5', '-3.14159 ± 0.5', '1.99 ± 2.2e-16', '123456789 ± 98765432'].map(shortened);
  assert.deepEqual(written, ['2.4716 ± 0.0048', '677 ± 887', '9.4e-16 ± 1.1e-16', '0.01 ± 0.50', '-3.14 ± 0.50', '1.99', '123000000 ± 99000000']);
});

test('a comparison shows its simulations beside each other before what they have in common', () => {
  const simulation = (i: number) => ({ simulation: `simulation-${i}`, name: '', algorithm: 'dla', values: { anisotropy: 0.1, df: 1.8 + i }, errors: { df: 0.05 } });
  const comparison = (count: number) => tablesInJson({
    format: 'assistd.comparison/1', correlations: [{ a: 'df', b: 'kf', r: 1 }], metrics: {}, simulations: Array.from({ length: count }, (_, i) => simulation(i + 1)),
  });
  const [beside, correlations] = comparison(2);
  assert.deepEqual(namesOf(beside), ['simulation', 'simulation-1', 'simulation-2']);
  assert.deepEqual(beside?.rows, [['algorithm', 'dla', 'dla'], ['df', '2.8 ± 0.05', '3.8 ± 0.05'], ['anisotropy', '0.1', '0.1']]);
  assert.equal(correlations?.name, 'correlations');
  const [many] = comparison(7);
  assert.deepEqual(namesOf(many), ['simulation', 'algorithm', 'df', 'anisotropy']);
  assert.equal(many?.rows.length, 7);
});

test('what is shown depends on the bytes, and HTML is never run', () => {
  const shown = (media_type: string) => presentationOf({ media_type });
  assert.deepEqual(
    ['image/svg+xml', 'application/x-npy', 'text/csv; charset=utf-8', 'application/json', 'text/html', 'application/x-tex', 'application/pdf', 'image/tiff', ''].map(shown),
    ['image', 'particles', 'table', 'json', 'source', 'source', 'file', 'file', 'file'],
  );
});

test('a file is told from others by its name, or by what it was made with', () => {
  const told = (metadata: JsonObject, seed: string | null = null) => descriptionOf({ name: 'cca.npy', metadata, seed });
  assert.equal(told({ algorithm: 'cca', name: '', dimensions: 3, n_particles: 500 }, '7'), 'cca, N = 500, seed 7');
  assert.equal(told({ algorithm: 'dla', dimensions: 2 }), 'dla, 2-D');
  assert.equal(told({ algorithm: 'dla', name: 'Box counting of simulation-1' }), 'Box counting of simulation-1');
  assert.equal(told({ rows: 3 }), 'cca.npy');
});

test('the kinds that tools take are found wherever they stand in what is given to them', () => {
  const one = tool('one', { source: { 'x-artifact-kinds': ['plot', 'simulation'] }, many: { items: { 'x-artifact-kinds': ['simulation', 'mesh'] } } }, []);
  assert.deepEqual(kindsIn([one, tool('two', {}, [])]), ['plot', 'simulation', 'mesh']);
});

function tool(name: string, properties: JsonObject, required: string[], more: Partial<Tool> = {}): Tool {
  return { name, title: name, input_schema: { properties, required }, allowed: true, needs_approval: false, requires_project: false, ...more } as Tool;
}

test('other formats come from the tool that made it, and from those that take its kind and nothing else', () => {
  const format = { type: 'string', enum: ['svg', 'pdf'] };
  const source = { type: 'string', 'x-artifact-kinds': ['plot', 'simulation'] };
  const artifact = { handle: 'plot-1', kind: 'plot', tool: 'draw', parameters: { source: 'analysis-1', format: 'svg' } } as unknown as Artifact;
  const tools = [
    tool('draw', { format, source }, ['source']),
    tool('export', { format: { type: 'string', enum: ['csv'] }, what: source }, ['what']),
    tool('needs_more', { format, what: source, more: { type: 'string' } }, ['what', 'more']),
    tool('other_kind', { format, what: { type: 'string', 'x-artifact-kinds': ['study'] } }, ['what']),
    tool('forbidden', { format, what: source }, ['what'], { allowed: false }),
    tool('asks', { format, what: source }, ['what'], { needs_approval: true }),
    tool('plain', { what: source }, ['what']),
  ];
  assert.deepEqual(formatsOf(artifact, tools).map((one) => [one.tool, one.format, one.arguments]), [
    ['draw', 'pdf', { source: 'analysis-1', format: 'pdf' }],
    ['export', 'csv', { what: 'plot-1', format: 'csv' }],
  ]);
});

test('words of the query are marked by their beginnings, and telling ones only', () => {
  const marked = (text: string, query: string) => highlight(text, query).filter((piece) => piece.isHit).map((piece) => piece.text);
  assert.deepEqual(marked('Spheres of soot; a sphere, the atmosphere.', 'the spheres'), ['Spheres', 'sphere']);
  assert.deepEqual(marked('Größe und Größen', 'größe'), ['Größe', 'Größen']);
  assert.deepEqual(marked('kf is 1', 'kf'), ['kf']);
  assert.deepEqual(highlight('<b>soot</b>', 'soot').map((piece) => piece.text).join(''), '<b>soot</b>');
  assert.deepEqual(marked('anything', ''), []);
});

test('days on which nothing was used are shown as such', () => {
  const row = { turns: 2, total_tokens: 10 } as UsageRow;
  const report = { from: '2026-02-27', to: '2026-03-02', group_by: 'day', currency: 'USD', rows: [{ ...row, day: '2026-03-01' }], totals: row } as UsageReport;
  const plot = plotOf(report, 'total_tokens');
  assert.deepEqual(plot.names, ['02-27', '02-28', '03-01', '03-02']);
  assert.deepEqual(plot.series[0]?.y, [0, 0, 10, 0]);
  const models = plotOf({ ...report, group_by: 'model', rows: [{ ...row, provider: 'main', model: 'm' }, { ...row, provider: null, model: null }] }, 'turns');
  assert.deepEqual(models.names, ['main:m', 'not known']);
});

test('text that is no UTF-8 is what spreadsheets write, or UTF-16', () => {
  const utf8 = new TextEncoder().encode('Größe;µm\n1;2\n');
  assert.deepEqual(decoded(utf8, true), { text: 'Größe;µm\n1;2\n', encoding: '' });
  assert.deepEqual(decoded(utf8.slice(0, 3), false), { text: 'Gr', encoding: '' }, 'cut in the middle of a character');
  const latin = Uint8Array.from('Gr\xf6\xdfe;\xb5m\n', (one) => one.charCodeAt(0));
  assert.deepEqual(decoded(latin, true), { text: 'Größe;µm\n', encoding: 'Windows-1252' });
  assert.deepEqual(decoded(Uint8Array.from([0xff, 0xfe, 0x47, 0, 0xf6, 0]), true), { text: 'Gö', encoding: 'UTF-16' });
  assert.deepEqual(decoded(Uint8Array.from([0xfe, 0xff, 0, 0x47, 0, 0xf6]), true), { text: 'Gö', encoding: 'UTF-16' });
  const damaged = new Uint8Array([...utf8, 0xff]);
  assert.deepEqual(decoded(damaged, true), { text: 'Größe;µm\n1;2\n\ufffd', encoding: '' }, 'one byte does not make it another encoding');
});

test('a passage is found by its place in characters, and else by its words', () => {
  const text = 'A 🦎 lives. The furnace runs at 1300 K. The furnace runs at 1300 K.';
  const words = 'The furnace runs at 1300 K.';
  const second = text.lastIndexOf(words);
  const place = (start: number, wanted = words) => placeIn(text, { text: wanted, start, end: start + wanted.length });
  assert.deepEqual(place(second - 1), { start: second, end: second + words.length }, 'the lizard is one character');
  assert.deepEqual(place(3), { start: text.indexOf(words), end: text.indexOf(words) + words.length });
  assert.equal(place(0, 'It is gone.'), null);
  assert.equal(placeIn('', { text: '', start: 5, end: 9 }), null);
  assert.equal(countCharacters('A 🦎ß'), 4);
});

test('a long passage is shown from where its hit is', () => {
  const long = `${'word '.repeat(200)}quartz melts`;
  const shown = fromHit(highlight(long, 'quartz'));
  assert.deepEqual(shown.slice(1), [{ text: 'quartz', isHit: true }, { text: ' melts', isHit: false }]);
  assert.match(shown[0]!.text, /^… (?:word )+$/);
  assert.ok(shown[0]!.text.length < 200);
  const short = highlight('some quartz melts', 'quartz');
  assert.equal(fromHit(short), short);
  assert.deepEqual(fromHit(highlight(long, 'xyz')), highlight(long, 'xyz'));
});

test('numbers have six digits, and statistics the order in which they are read', () => {
  assert.equal(shortened('1.2434497875799999e-14'), '1.24345e-14');
  assert.equal(shortened('0.30000000000000004'), '0.3');
  assert.deepEqual(['1234567890', '1.5', '0.000123', '1e12', 'nan'].map(shortened), ['1234567890', '1.5', '0.000123', '1e12', 'nan']);
  const row = { count: 3, max: 2, mean: 1.5, min: 1, std: 0.5 };
  const [table] = tablesInJson({ metrics: [{ name: 'df', ...row }, { name: 'kf', ...row }] });
  assert.deepEqual(table?.columns.map((column) => column.name), ['name', 'count', 'mean', 'std', 'min', 'max']);
  assert.deepEqual(table?.rows[0], ['df', '3', '1.5', '0.5', '1', '2']);
});

test('a large file that is no text is not sent to be refused', async () => {
  const utf16 = (text: string) => new Uint8Array([...text].flatMap((letter) => [letter.charCodeAt(0), 0]));
  assert.ok(looksBinary(new Uint8Array([127, 69, 76, 70, 2, 1, 1, 0, 0, 0])));
  for (const bytes of [new TextEncoder().encode('Grains of soot, größer'), utf16('Grains'), new Uint8Array([80, 75, 3, 4, 0, 0, 0])]) assert.ok(!looksBinary(bytes));
  assert.ok(await isBinary(new Blob([new Uint8Array(1_000_000)])));
  assert.ok(!(await isBinary(new Blob([new Uint8Array(10)]))), 'a small one: the daemon says better what it is');
});
