// What lies over the 3-D view: where the axes point, how long a stretch of the screen is, and what the colours mean.

import type { Signal } from '@preact/signals';

import { type Colouring, gradient } from './colours.ts';
import { roundLength, shortNumber } from './scale.ts';
import type { Pose } from './scene.ts';

const arm = 22;
const middle = 30;

export function Axes({ pose }: { pose: Signal<Pose | null> }) {
  if (!pose.value) return null;
  const named = pose.value.axes.map((axis, i) => ({ axis, name: 'xyz'[i]! }));
  // Those that point away are drawn first.
  named.sort((one, other) => one.axis[2] - other.axis[2]);
  return (
    <svg class="particles-axes" viewBox="0 0 60 60" aria-hidden="true">
      {named.map(({ axis, name }) => (
        <g key={name} class={`particles-axis particles-axis-${name}`} opacity={0.65 + 0.35 * Math.max(0, axis[2])}>
          <line x1={middle} y1={middle} x2={middle + arm * axis[0]} y2={middle - arm * axis[1]} />
          {Math.hypot(axis[0], axis[1]) > 0.25 && (
            <text x={middle + (arm + 6) * axis[0]} y={middle - (arm + 6) * axis[1]}>
              {name}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

export function ScaleBar({ pose, unit }: { pose: Signal<Pose | null>; unit: string }) {
  const unitsPerPixel = pose.value?.unitsPerPixel ?? 0;
  const length = roundLength(unitsPerPixel * 110);
  if (length === 0) return null;
  return (
    <div class="particles-scale" aria-hidden="true">
      <span style={{ width: `${length / unitsPerPixel}px` }} />
      {shortNumber(length)} {unit}
    </div>
  );
}

export function ColourBar({ colouring }: { colouring: Colouring }) {
  return (
    <div class="particles-colour-bar">
      <span>{shortNumber(colouring.lowest)}</span>
      <span class="particles-gradient" style={{ background: gradient }} role="img" aria-label={`${colouring.label}, from ${shortNumber(colouring.lowest)} to ${shortNumber(colouring.highest)}`} />
      <span>{shortNumber(colouring.highest)}</span>
    </div>
  );
}
