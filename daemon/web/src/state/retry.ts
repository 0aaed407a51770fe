// How long to wait before trying again: twice as long each time up to a bound, and never just as long as everybody else.

export interface Pauses {
  firstMs: number;
  longestMs: number;
}

export const usualPauses: Pauses = { firstMs: 500, longestMs: 15_000 };

// `attempt` counts from 1. Between half of the pause and all of it, so that many pages do not come back at once.
export function pauseBefore(attempt: number, pauses: Pauses = usualPauses, random: () => number = Math.random): number {
  const whole = Math.min(pauses.longestMs, pauses.firstMs * 2 ** (attempt - 1));
  return Math.round(whole / 2 + (random() * whole) / 2);
}
