import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colour, colourTable, isUniform } from '../../../daemon/web/src/particles/colours.ts';
import { isFlat, reachOf } from '../../../daemon/web/src/particles/extent.ts';
import { factsOf, withError } from '../../../daemon/web/src/particles/facts.ts';
import { readParticles } from '../../../daemon/web/src/particles/npy.ts';
import { leave, wake } from '../../../daemon/web/src/particles/pool.ts';
import { roundLength, shortNumber } from '../../../daemon/web/src/particles/scale.ts';

type Particle = [x: number, y: number, z: number, r: number];
const record = "[('x', '<f8'), ('y', '<f8'), ('z', '<f8'), ('r', '<f8'), ('parent', '<i4'), ('pad', '<i4')]";

function file(header: string, bytes: Uint8Array): Uint8Array {
  const text = header.padEnd(118 - 1) + '\n';
  const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, text.length & 0xff, text.length >> 8]);
  return new Uint8Array(Buffer.concat([head, Buffer.from(text), bytes]));
}

function simulation(particles: Particle[], count = particles.length): Uint8Array {
  const bytes = Buffer.alloc(40 * particles.length);
  particles.forEach((values, i) => values.forEach((value, j) => bytes.writeDoubleLE(value, 40 * i + 8 * j)));
  return file(`{'descr': ${record}, 'fortran_order': False, 'shape': (${count},), }`, bytes);
}

test('a simulation is read, with its middle in the middle', () => {
  const read = readParticles(simulation([[1e9, 0, 0, 1], [1e9 + 2, 0, 0, 1], [1e9 + 4, 0, 0, 3]]));
  assert.equal(read.count, 3);
  // The spheres reach from -1 to 7; far from the origin single precision alone would put all three in one place.
  assert.deepEqual([...read.positions].filter((_, i) => i % 3 === 0), [-3, -1, 1]);
  assert.deepEqual([read.centre[0], read.halfSize[0]], [1e9 + 3, 4]);
  assert.deepEqual([...read.radii], [1, 1, 3]);
  assert.equal(reachOf(read), 4);
  assert.equal(isFlat(read), true);
  assert.equal(isFlat(readParticles(simulation([[0, 0, 0, 1], [0, 0, 2, 1]]))), false);
});

test('plain arrays of three or four columns are read too', () => {
  const values = Buffer.alloc(32);
  [1, 2, 3, 4, 5, 6, 7, 8].forEach((value, i) => values.writeFloatLE(value, 4 * i));
  const read = readParticles(file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }", values));
  assert.deepEqual([...read.radii], [4, 8]);
  const bare = readParticles(file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", values));
  assert.deepEqual([...bare.radii], [1, 1]);
});

test('what is no particle geometry is refused in a sentence', () => {
  const good = simulation([[0, 0, 0, 1]]);
  const bad: [string, Uint8Array, RegExp][] = [
    ['empty', new Uint8Array(), /no particle geometry/],
    ['another file', new TextEncoder().encode('x,y,z\n1,2,3\n'), /no particle geometry/],
    ['cut off', good.subarray(0, good.length - 1), /ends early: it says that it has 1 particles/],
    ['header cut off', good.subarray(0, 60), /no particle geometry/],
    ['more than there are', simulation([[0, 0, 0, 1]], 1_000_000_000), /ends early/],
    ['not a number', simulation([[Number.NaN, 0, 0, 1]]), /Particle 0 has no usable position/],
    ['no radius', simulation([[0, 0, 0, 1], [0, 0, 0, 0]]), /Particle 1 has no usable position or radius/],
    ['columns first', file("{'descr': '<f8', 'fortran_order': True, 'shape': (0, 3), }", new Uint8Array()), /no particle geometry/],
    ['whole numbers', file("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 3), }", new Uint8Array(24)), /of the type "i8"/],
    ['big ends', file("{'descr': '>f8', 'fortran_order': False, 'shape': (1, 3), }", new Uint8Array(24)), /of the type ">f8"/],
  ];
  for (const [what, bytes, sentence] of bad) assert.throws(() => readParticles(bytes), sentence, what);
  assert.equal(readParticles(simulation([])).count, 0);
});

test('colours stand for order, distance or radius', () => {
  const particles = readParticles(simulation([[0, 0, 0, 1], [2, 0, 0, 1], [4, 0, 0, 1]]));
  assert.deepEqual([...colour(particles, 'order').values], [0, 0.5, 1]);
  const distance = colour(particles, 'distance');
  assert.deepEqual([...distance.values], [1, 0, 1]);
  assert.deepEqual([distance.lowest, distance.highest], [0, 2]);
  assert.equal(isUniform(colour(particles, 'radius')), true);
  const table = colourTable(256);
  assert.deepEqual([...table.subarray(0, 4)], [68, 1, 84, 255]);
  assert.deepEqual([...table.subarray(-4)], [253, 231, 37, 255]);
});

test('what is measured is told as people write it', () => {
  const metadata = { n_particles: 2000, df: 2.52502, df_stderr: 0.01232, rg: 29.4468344801, coordination: { mean: 1.999 }, kf: null };
  assert.deepEqual(factsOf(metadata), [
    { label: 'Particles', value: '2,000' },
    { label: 'Df', value: '2.525 ± 0.012' },
    { label: 'Rg', value: '29.45' },
    { label: 'Mean coordination', value: '1.999' },
  ]);
  assert.equal(withError(82.37, 0), '82.37');
  assert.equal(withError(1234, 56), '1234 ± 56');
  assert.equal(withError(1.78, 4e-9), '1.7800 (error below 0.0001)');
  assert.deepEqual([0, 5e-7, 12_345, 1e6, 1.25e9, -0.5].map(shortNumber), ['0', '5e-7', '12,345', '1,000,000', '1.25e9', '-0.5']);
  assert.deepEqual([0.0037, 9.99, 10, 57, 0].map(roundLength), [0.002, 5, 10, 50, 0]);
});

test('few views are live at a time, and never one that is seen is put to sleep', () => {
  const asleep: number[] = [];
  const views = Array.from({ length: 12 }, (_, i) => ({ isVisible: () => i === 1, sleep: () => void asleep.push(i) }));
  views.forEach(wake);
  assert.deepEqual(asleep, [0, 2, 3, 4]);
  views.forEach(leave);
});
