// Starts the fake model server for one test file and scripts it; ends with the file.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const python = process.env.ASSISTD_PYTHON ?? 'python3';

export async function fakeServer() {
  const child = spawn(python, ['-B', '-m', 'upstream', '--port', '0'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const port = await new Promise((resolve, reject) => {
    lines.once('line', resolve);
    child.once('error', reject);
    child.once('exit', () => reject(new Error('the fake server did not start')));
  });
  const url = `http://127.0.0.1:${port}`;
  const post = async (path, body) => {
    const reply = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
  };
  return {
    url,
    script: (...replies) => post('/_script', { replies }),
    openGate: (name) => post(`/_gates/${name}`, {}),
    requests: async () => (await fetch(`${url}/_requests`)).json(),
    stop: () => child.stdin.end(),
  };
}

export async function collect(stream) {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
}

// What is thrown, which must be something.
export async function thrown(work) {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

// What all three are asked for; the texts hold characters of two, three and four bytes.
export const text = { text: ['Grüße, ', '世界 ', '🚀', '.'] };
export const calls = [
  { call: 'add', arguments: { a: 1, b: [2, 3] }, id: 'call_first' },
  { call: 'now', arguments: {}, id: 'call_second' },
];
export const usage = { prompt: 120, completion: 30, cached: 100 };
export const whole = 'Grüße, 世界 🚀.';
