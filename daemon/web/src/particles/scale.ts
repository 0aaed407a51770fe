// Round lengths for the bar that shows the scale.

/** The longest of 1, 2 and 5 times a power of ten that is at most `length`. */
export function roundLength(length: number): number {
  if (!(length > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(length));
  const step = [5, 2, 1].find((one) => one * power <= length * (1 + 1e-12)) ?? 1;
  return step * power;
}

/** With as many digits as the number needs, and no more than four. */
export function shortNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return value.toLocaleString('en');
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2).replace(/\.?0+e/, 'e').replace('e+', 'e');
  return Number(value.toPrecision(4)).toLocaleString('en', { maximumFractionDigits: 8 });
}
