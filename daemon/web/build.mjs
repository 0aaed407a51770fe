// Builds the pages: node build.mjs OUT_FOLDER. The folder gets index.html (the chat page), docs.html (/docs) and assets/, whose names have a hash of their
// content, and beside each file its gzipped form. Prints what the first view loads.

import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] && resolve(process.argv[2]);
if (!out) {
  console.error('build.mjs: name the folder to write: node build.mjs OUT_FOLDER.');
  process.exit(2);
}

const bundled = await build({
  absWorkingDir: here,
  entryPoints: { page: 'src/main.tsx', docs: 'src/docs/main.tsx', theme: 'src/theme_first.ts' },
  outdir: join(out, 'assets'),
  entryNames: '[name]-[hash]',
  chunkNames: 'part-[hash]',
  assetNames: '[name]-[hash]',
  publicPath: '/assets/',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.svg': 'file' },
  metafile: true,
  write: false,
  logLevel: 'warning',
});

const files = new Map(bundled.outputFiles.map((file) => [`assets/${basename(file.path)}`, file.contents]));
const icon = await readFile(join(here, 'src/icon.svg'));
const iconName = `assets/icon-${createHash('sha256').update(icon).digest('hex').slice(0, 8)}.svg`;
files.set(iconName, icon);
files.set('icon.svg', icon);
files.set('robots.txt', await readFile(join(here, 'src/robots.txt')));
files.set('assets/licences.txt', await licences());

const outputs = Object.entries(bundled.metafile.outputs).map(([path, about]) => ({ name: `assets/${basename(path)}`, about }));
const builtFrom = (entry) => outputs.find(({ about }) => about.entryPoint === entry);
const theme = builtFrom('src/theme_first.ts');
const page = await documentFor('src/main.tsx', 'src/index.html');
const docs = await documentFor('src/docs/main.tsx', 'src/docs/docs.html');
files.set('index.html', page.html);
files.set('docs.html', docs.html);

await rm(out, { recursive: true, force: true });
await mkdir(join(out, 'assets'), { recursive: true });
for (const [name, content] of files) {
  await writeFile(join(out, name), content);
  await writeFile(join(out, `${name}.gz`), gzipSync(content, { level: 9 }));
}

const gzipped = (name) => gzipSync(files.get(name), { level: 9 }).length;
const first = ['index.html', theme.name, ...page.loads];
const kilobytes = (bytes) => (bytes / 1000).toFixed(1).padStart(7) + ' kB gzipped';
console.log(`${kilobytes(first.reduce((sum, name) => sum + gzipped(name), 0))}  what the first view loads`);
for (const { name, about } of outputs) {
  if (first.includes(name)) continue;
  const inside = Object.keys(about.inputs).filter((input) => input.startsWith('src/') || input.includes('three'));
  console.log(`${kilobytes(gzipped(name))}  ${name} (when needed: ${inside.slice(0, 3).join(', ')})`);
}

// The HTML of a page: its template with the files that its script was built into, and these files.
async function documentFor(entry, template) {
  const script = builtFrom(entry);
  const style = `assets/${basename(script.about.cssBundle)}`;
  const early = script.about.imports.filter((one) => one.kind === 'import-statement').map((one) => `assets/${basename(one.path)}`);
  const text = await readFile(join(here, template), 'utf8');
  const preloads = early.map((name) => `<link rel="modulepreload" href="/${name}">`).join('\n    ');
  const html = text
    .replace('%ICON%', `/${iconName}`)
    .replace('%THEME%', `/${theme.name}`)
    .replace('%STYLE%', `/${style}`)
    .replace('%PRELOADS%', preloads)
    .replace('%PAGE%', `/${script.name}`);
  return { html: Buffer.from(html), loads: [script.name, style, ...early] };
}

// The texts that the licences of what is in the bundle want to go with it.
async function licences() {
  const packages = new Set();
  for (const input of Object.keys(bundled.metafile.inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) packages.add(found[1]);
  }
  const texts = [];
  for (const name of [...packages].sort()) {
    const folder = join(here, 'node_modules', name);
    const about = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    let text = '';
    for (const file of ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENSE-MIT.txt', 'license', 'License'])
      text ||= await readFile(join(folder, file), 'utf8').catch(() => '');
    if (!text) throw new Error(`${name} has no licence file: the page may not be shipped with it.`);
    texts.push(`${name} ${about.version} (${about.license})\n\n${text.trim()}\n`);
  }
  return Buffer.from(texts.join(`\n${'-'.repeat(80)}\n\n`));
}
