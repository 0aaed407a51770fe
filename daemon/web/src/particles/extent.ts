// How far a cluster reaches, and whether it lies in a plane.

import type { Particles } from './npy.ts';

/** Radius of the sphere around the middle that holds all particles. */
export function reachOf({ count, positions, radii }: Particles): number {
  let reach = 0;
  for (let i = 0; i < count; ++i)
    reach = Math.max(reach, Math.hypot(positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!) + radii[i]!);
  return reach;
}

/** Whether all centres lie in one plane of constant z. */
export function isFlat({ count, positions }: Particles): boolean {
  for (let i = 0; i < count; ++i) if (Math.abs(positions[3 * i + 2]!) > 1e-6) return false;
  return count > 1;
}
