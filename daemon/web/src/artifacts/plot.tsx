// Curves on axes (uPlot, loaded when the first one is shown), in the colours of the theme.

import { useEffect, useRef, useState } from 'preact/hooks';
import 'uplot/dist/uPlot.min.css';
import type uPlot from 'uplot';

import { sentenceOf } from '../api/client.ts';
import { shortNumber } from '../particles/scale.ts';
import { isDark } from '../state/theme.ts';

export interface Series {
  label: string;
  y: (number | null)[];
  /** Its place among the colours; its own without it. */
  hue?: number;
  /** What belongs to it, but counts less. */
  isPale?: boolean;
  /** A line among points. */
  isLine?: boolean;
}

export interface PlotData {
  x: number[];
  series: Series[];
  xLabel: string;
  yLabel?: string;
  isLogX?: boolean;
  isLogY?: boolean;
  isScatter?: boolean;
  /** x is seconds since 1970. */
  isTime?: boolean;
  /** Bars from zero, one for each x. */
  isBars?: boolean;
  /** x counts these from 0. */
  names?: string[];
}

interface Properties {
  data: PlotData;
  /** For those who do not see it. */
  label: string;
  height?: number;
}

const strokes = ['--accent', '--code-number', '--code-title', '--code-keyword', '--bad'];

/** As the canvas needs it: light-dark() in a variable is resolved only where it is the colour of something. */
function colourOf(name: string, isPale = false): string {
  // A new element each time: the colour of one that changes may be on its way from the one before.
  const probe = document.createElement('span');
  probe.style.color = isPale ? `color-mix(in srgb, var(${name}) 60%, var(--ground))` : `var(${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

// Not to the next powers of ten: half of the plot would be empty. uPlot counts its ticks from where an axis begins.
function aroundPowers(_: unknown, least: number | null, most: number | null): [number, number] {
  const below = (least ?? 1) * 0.97;
  const power = 10 ** Math.floor(Math.log10(below));
  return [Math.floor(below / power) * power, (most ?? 10) * 1.2];
}

// Where a number stands at an axis of powers: over few of them at 1, 2 and 5, over many at 1 alone.
function roundPowers(_: unknown, splits: number[]): (number | null)[] {
  const decades = Math.log10(splits.at(-1)! / splits[0]!);
  const named = decades > 5 ? [1] : [1, 2, 5];
  return splits.map((split) => (named.some((one) => Math.abs(split / 10 ** Math.floor(Math.log10(split) + 1e-9) - one) < 1e-6) ? split : null));
}

function optionsFor(Plot: typeof uPlot, data: PlotData, width: number, height: number): uPlot.Options {
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const axis = {
    stroke: colourOf('--text-soft'),
    font,
    labelFont: font,
    grid: { stroke: colourOf('--line'), width: 1 },
    ticks: { stroke: colourOf('--line'), width: 1, size: 5 },
  };
  const values = (_: uPlot, splits: (number | null)[]) => splits.map((split) => (split === null ? '' : shortNumber(split)));
  const named = (_: uPlot, splits: (number | null)[]) => splits.map((split) => (split === null ? '' : (data.names?.[split] ?? '')));
  const xValue = (_: uPlot, value: number | null) => (value === null ? '–' : (data.names?.[value] ?? shortNumber(value)));
  const strokeOf = (at: number): string => {
    const { hue = at, isPale } = data.series[at] ?? {};
    return colourOf(strokes[hue % strokes.length]!, isPale);
  };
  const isPoints = (at: number): boolean => Boolean(data.isScatter) && !data.series[at]?.isLine;
  // Colours are not told apart by everybody: what is pale, or else every second kind of points, is hollow.
  const hasPale = data.series.some((one) => one.isPale);
  const isHollow = (at: number): boolean => isPoints(at) && (hasPale ? Boolean(data.series[at]?.isPale) : at % 2 === 1);
  const options: uPlot.Options = {
    width,
    height,
    // Long numbers below the right end of an axis.
    padding: [null, 24, null, null],
    cursor: { y: false, points: { size: 7 } },
    legend: { live: true, markers: { fill: (_, i) => (isHollow(i - 1) ? 'transparent' : strokeOf(i - 1)) } },
    // Without a pointer there are no values to tell.
    hooks: { setCursor: [(plot) => void plot.root.classList.toggle('is-pointed-at', plot.cursor.idx !== null)] },
    scales: {
      x: { time: data.isTime ?? false, distr: data.isLogX ? 3 : 1, ...(data.isLogX && { range: aroundPowers }), ...(data.names && { range: [-0.6, data.names.length - 0.4] as [number, number] }) },
      y: { distr: data.isLogY ? 3 : 1, ...(data.isLogY && { range: aroundPowers }), ...(data.isBars && { range: (_: uPlot, __: number, most: number): [number, number] => [0, most > 0 ? most * 1.08 : 1] }) },
    },
    axes: [
      { ...axis, label: data.xLabel, labelSize: 18, size: 34, ...(data.isLogX && { filter: roundPowers }), ...(!data.isTime && { values: data.names ? named : values }), ...(data.names && { incrs: [1, 2, 5, 10, 20, 50], grid: { show: false } }) },
      { ...axis, values, size: 62, ...(data.isLogY && { filter: roundPowers }), ...(data.yLabel && { label: data.yLabel, labelSize: 18 }) },
    ],
    series: [
      { label: data.xLabel, ...(!data.isTime && { value: xValue }) },
      ...data.series.map((one, i) => {
        const stroke = strokeOf(i);
        return {
          label: one.label,
          stroke,
          width: isPoints(i) ? 0 : 1.75,
          fill: data.isBars ? stroke : undefined,
          paths: data.isBars ? Plot.paths.bars!({ size: [0.7, 48] }) : isPoints(i) ? () => null : undefined,
          points: { show: isPoints(i), size: 7, stroke, fill: isHollow(i) ? colourOf('--ground') : stroke },
          value: (_: uPlot, value: number | null) => (value === null ? '–' : shortNumber(value)),
        };
      }),
    ],
  };
  return options;
}

export function Plot({ data, label, height = 280 }: Properties) {
  const place = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState('');

  useEffect(() => {
    let plot: uPlot | null = null;
    let gone = false;
    const element = place.current!;
    const sized = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height }));
    import('uplot').then(
      ({ default: Plot }) => {
        if (gone) return;
        const columns: uPlot.AlignedData = [data.x, ...data.series.map((one) => one.y)];
        plot = new Plot(optionsFor(Plot, data, element.clientWidth, height), columns, element);
        // What a mouse shows in it is in the table beside it.
        plot.root.setAttribute('aria-hidden', 'true');
        sized.observe(element);
      },
      (error: unknown) => setProblem(sentenceOf(error)),
    );
    return () => {
      gone = true;
      sized.disconnect();
      plot?.destroy();
    };
  }, [data, isDark.value, height]);

  return (
    <figure class="plot">
      {problem ? <p class="ui-error">{problem}</p> : <div class="plot-place" role="img" aria-label={label} ref={place} style={{ minHeight: `${height}px` }} />}
    </figure>
  );
}
