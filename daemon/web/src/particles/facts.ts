// What is measured of a cluster, in words and numbers: beside the 3-D view, and instead of it for those who do not see
// it. The names are those of plugins/simulation/README.md; what a simulation does not tell is left out.

import type { Json, JsonObject } from '../api/types.ts';
import { shortNumber } from './scale.ts';

export interface Fact {
  label: string;
  value: string;
}

const measured: { key: string; label: string; error?: string }[] = [
  { key: 'n_particles', label: 'Particles' },
  { key: 'df', label: 'Df', error: 'df_stderr' },
  { key: 'kf', label: 'kf', error: 'kf_stderr' },
  { key: 'rg', label: 'Rg' },
  { key: 'coordination.mean', label: 'Mean coordination' },
  { key: 'porosity', label: 'Porosity' },
  { key: 'anisotropy', label: 'Anisotropy κ²' },
];

function at(metadata: JsonObject, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((value, key) => {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined;
  }, metadata);
}

/** As a person writes it: the error's first two digits, and the value up to there. An error that five digits of the value
    do not show is told so, as the tools' own lines do (assistd/uncertain_number.hpp). */
export function withError(value: number, error: number): string {
  if (!(error > 0) || !(error < Math.abs(value) * 10)) return shortNumber(value);
  const fifth = 4 - Math.floor(Math.log10(Math.abs(value)));
  if (error < 10 ** -fifth / 2) {
    const decimals = Math.max(0, fifth);
    return `${value.toFixed(decimals)} (error below ${(10 ** -fifth).toFixed(decimals)})`;
  }
  const digits = Math.max(0, 1 - Math.floor(Math.log10(error)));
  return `${value.toFixed(Math.min(digits, 12))} ± ${error.toFixed(Math.min(digits, 12))}`;
}

export function factsOf(metadata: JsonObject): Fact[] {
  const facts: Fact[] = [];
  for (const { key, label, error } of measured) {
    const value = at(metadata, key);
    if (typeof value !== 'number') continue;
    const spread = error ? at(metadata, error) : undefined;
    facts.push({ label, value: typeof spread === 'number' ? withError(value, spread) : shortNumber(value) });
  }
  return facts;
}

export function spoken(handle: string, facts: Fact[], keys: string): string {
  const told = facts.map((fact) => `${fact.label} ${fact.value}`).join(', ');
  return `3-D view of ${handle}${told ? `: ${told}` : ''}. ${keys}`;
}
