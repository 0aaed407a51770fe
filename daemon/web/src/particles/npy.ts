// Reads particle geometry from NumPy files: the structured records that simulations store (x, y, z, r, parent,
// see plugin-api/include/assistd/particles.hpp) and plain N × 3 or N × 4 arrays (x, y, z and perhaps the radius).

export interface Particles {
  count: number;
  /** x, y, z of each, relative to `centre`. */
  positions: Float32Array;
  radii: Float32Array;
  /** Middle of the box around the centres, in the file's coordinates. */
  centre: [number, number, number];
  /** Half of the edges of the box around all spheres. */
  halfSize: [number, number, number];
}

interface Field {
  name: string;
  type: string;
  offset: number;
}

interface Header {
  fields: Field[];
  stride: number;
  shape: number[];
  data: number;
}

const sizes: Record<string, number> = { f8: 8, f4: 4, i8: 8, i4: 4, u4: 4, i2: 2, u2: 2, i1: 1, u1: 1 };
const wrong = 'This file is no particle geometry (a NumPy file of x, y, z and radius).';

function sizeOf(type: string): number {
  const size = /^[<|=]/.test(type) ? sizes[type.slice(1)] : undefined;
  if (size === undefined) throw new Error(`${wrong} Its numbers are of the type "${type}".`);
  return size;
}

function readHeader(bytes: Uint8Array): Header {
  const magic = bytes.length >= 12 && bytes[0] === 0x93 && String.fromCharCode(...bytes.subarray(1, 6)) === 'NUMPY';
  if (!magic) throw new Error(wrong);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6]! >= 2;
  const begin = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (begin + length > bytes.length) throw new Error(wrong);
  const text = new TextDecoder('latin1').decode(bytes.subarray(begin, begin + length));
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(text)?.[1] ?? '').split(',').map((part) => part.trim());
  const counts = shape.filter((part) => part !== '').map(Number);
  if (/'fortran_order':\s*True/.test(text) || counts.length === 0 || counts.some((count) => !Number.isInteger(count)))
    throw new Error(wrong);
  const header: Header = { fields: [], stride: 0, shape: counts, data: begin + length };
  const add = (name: string, type: string) => {
    header.fields.push({ name, type: type.slice(1), offset: header.stride });
    header.stride += sizeOf(type);
  };
  const plain = /'descr':\s*'([^']+)'/.exec(text)?.[1];
  if (plain !== undefined) {
    const columns = counts[1] ?? 0;
    if (counts.length !== 2 || columns < 3 || columns > 4) throw new Error(wrong);
    for (const name of ['x', 'y', 'z', 'r'].slice(0, columns)) add(name, plain);
  } else {
    const described = /'descr':\s*\[(.*?)\]/s.exec(text)?.[1] ?? '';
    for (const [, name, type] of described.matchAll(/\('([^']*)',\s*'([^']*)'\)/g)) add(name!, type!);
  }
  if (!['x', 'y', 'z'].every((name) => header.fields.some((field) => field.name === name))) throw new Error(wrong);
  return header;
}

function readerOf(view: DataView, field: Field): (at: number) => number {
  switch (field.type) {
    case 'f8':
      return (at) => view.getFloat64(at + field.offset, true);
    case 'f4':
      return (at) => view.getFloat32(at + field.offset, true);
    default:
      throw new Error(`${wrong} Its coordinates are of the type "${field.type}".`);
  }
}

/** Throws a sentence when the bytes are no such file. */
export function readParticles(bytes: Uint8Array): Particles {
  const header = readHeader(bytes);
  const count = header.shape[0]!;
  if (header.data + count * header.stride > bytes.length)
    throw new Error(`The file ends early: it says that it has ${count} particles, but is too short for them.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.data, count * header.stride);
  const field = (name: string) => header.fields.find((one) => one.name === name);
  const axes = ['x', 'y', 'z'].map((name) => readerOf(view, field(name)!));
  const radius = field('r') ? readerOf(view, field('r')!) : () => 1;

  const lowest = [Infinity, Infinity, Infinity];
  const highest = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < count; ++i) {
    const r = radius(i * header.stride);
    for (let axis = 0; axis < 3; ++axis) {
      const x = axes[axis]!(i * header.stride);
      if (!Number.isFinite(x) || !(r > 0)) throw new Error(`Particle ${i} has no usable position or radius.`);
      lowest[axis] = Math.min(lowest[axis]!, x - r);
      highest[axis] = Math.max(highest[axis]!, x + r);
    }
  }
  const middle = (axis: number) => (count > 0 ? (lowest[axis]! + highest[axis]!) / 2 : 0);
  const half = (axis: number) => (count > 0 ? (highest[axis]! - lowest[axis]!) / 2 : 0);
  const centre: [number, number, number] = [middle(0), middle(1), middle(2)];
  const positions = new Float32Array(count * 3);
  const radii = new Float32Array(count);
  // Differences are taken in double precision: far from the origin single precision would round particles away.
  for (let i = 0; i < count; ++i) {
    for (let axis = 0; axis < 3; ++axis) positions[3 * i + axis] = axes[axis]!(i * header.stride) - centre[axis]!;
    radii[i] = radius(i * header.stride);
  }
  return { count, positions, radii, centre, halfSize: [half(0), half(1), half(2)] };
}
