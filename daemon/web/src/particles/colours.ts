// What the colour of a particle stands for, and the colour map (viridis, which people who see no red or green can
// read too and which keeps its order in grey).

import type { Particles } from './npy.ts';

export type ColourBy = 'order' | 'radius' | 'distance' | 'plain';

export interface Colouring {
  /** From 0 to 1 for each particle. */
  values: Float32Array;
  label: string;
  lowest: number;
  highest: number;
}

export const colourings: { id: ColourBy; label: string }[] = [
  { id: 'order', label: 'Order of arrival' },
  { id: 'distance', label: 'Distance from the centre of mass' },
  { id: 'radius', label: 'Radius' },
  { id: 'plain', label: 'One colour' },
];

/** Viridis in nine steps, as 0..255. */
export const stops: readonly [number, number, number][] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/** `count` colours between the stops, four bytes each. */
export function colourTable(count: number): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(count * 4);
  for (let i = 0; i < count; ++i) {
    const place = (i / (count - 1)) * (stops.length - 1);
    const low = Math.min(Math.floor(place), stops.length - 2);
    for (let channel = 0; channel < 3; ++channel) {
      const from = stops[low]![channel]!;
      table[4 * i + channel] = Math.round(from + (stops[low + 1]![channel]! - from) * (place - low));
    }
    table[4 * i + 3] = 255;
  }
  return table;
}

export const gradient = `linear-gradient(to right, ${stops.map((stop) => `rgb(${stop.join(' ')})`).join(', ')})`;

/** Whether all colours are the same, so that there is nothing to explain. */
export function isUniform(colouring: Colouring): boolean {
  return colouring.highest - colouring.lowest <= 1e-6 * Math.abs(colouring.highest);
}

function distances(particles: Particles): Float32Array {
  const { positions, radii, count } = particles;
  const centre = [0, 0, 0];
  let mass = 0;
  for (let i = 0; i < count; ++i) {
    const own = radii[i]! ** 3;
    mass += own;
    for (let axis = 0; axis < 3; ++axis) centre[axis]! += own * positions[3 * i + axis]!;
  }
  const result = new Float32Array(count);
  for (let i = 0; i < count; ++i) {
    const offset = (axis: number) => positions[3 * i + axis]! - centre[axis]! / mass;
    result[i] = Math.hypot(offset(0), offset(1), offset(2));
  }
  return result;
}

export function colour(particles: Particles, by: ColourBy): Colouring {
  const raw = by === 'distance' ? distances(particles) : by === 'radius' ? particles.radii.slice() : null;
  const values = raw ?? Float32Array.from({ length: particles.count }, (_, i) => (by === 'order' ? i + 1 : 1));
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  const range = highest - lowest;
  for (let i = 0; i < values.length; ++i) values[i] = range > 1e-6 * Math.abs(highest) ? (values[i]! - lowest) / range : 0.5;
  return { values, label: colourings.find((one) => one.id === by)!.label, lowest, highest };
}
