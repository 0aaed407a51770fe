// The life of one 3-D view in a component: its bytes and three.js are fetched when it comes into sight, and it goes to
// sleep, leaving its picture, when others need its place.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { isAbort, mayPass, send, sentenceOf } from '../api/client.ts';
import type { ArtifactRef } from '../api/types.ts';
import { isDark } from '../state/theme.ts';
import { type ColourBy, type Colouring, colour } from './colours.ts';
import { type Particles, readParticles } from './npy.ts';
import { leave, type Sleeper, wake } from './pool.ts';
import type { ParticleScene, Pose } from './scene.ts';

export type Stage = 'asleep' | 'large' | 'loading' | 'live' | 'lost' | 'failed';

// Some 300,000 particles: more are fetched when somebody wants to see them, not since they were scrolled by.
const unaskedBytes = 12_000_000;

/** The canvas's own background, which is the theme's, as 0..1. */
function backgroundOf(canvas: HTMLCanvasElement): [number, number, number] {
  const parts = getComputedStyle(canvas).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
  const [red = 255, green = 255, blue = 255] = parts;
  return [red / 255, green / 255, blue / 255];
}

export function useScene(artifact: ArtifactRef) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene = useRef<ParticleScene | null>(null);
  const particles = useRef<Particles | null>(null);
  const visible = useRef(false);
  const loading = useRef<AbortController | null>(null);
  const stage = useSignal<Stage>('asleep');
  const problem = useSignal('');
  const mayRetry = useSignal(false);
  const picture = useSignal<string | null>(null);
  const pose = useSignal<Pose | null>(null);
  const by = useSignal<ColourBy>('order');
  const colouring = useSignal<Colouring | null>(null);
  const version = useSignal(0);

  const sleeper = useRef<Sleeper>({
    isVisible: () => visible.current,
    sleep: () => void sleep(),
  });

  async function sleep(): Promise<void> {
    const gone = scene.current;
    if (!gone) return;
    scene.current = null;
    const shown = await gone.picture();
    gone.dispose();
    keepPicture(shown);
    stage.value = 'asleep';
    ++version.value;
  }

  function keepPicture(shown: Blob | null): void {
    if (picture.value) URL.revokeObjectURL(picture.value);
    picture.value = shown ? URL.createObjectURL(shown) : null;
  }

  async function load(signal: AbortSignal): Promise<Particles> {
    const reply = await send('GET', artifact.url, { signal });
    return readParticles(new Uint8Array(await reply.arrayBuffer()));
  }

  async function start(isWanted = false): Promise<void> {
    if (scene.current || stage.value === 'loading') return;
    if (artifact.size > unaskedBytes && !isWanted && !particles.current) {
      stage.value = 'large';
      return;
    }
    stage.value = 'loading';
    const stop = new AbortController();
    loading.current = stop;
    try {
      const module = import('./scene.ts');
      // Told by whoever awaits it; without this a failed one would be told twice.
      module.catch(() => undefined);
      particles.current ??= await load(stop.signal);
      const { ParticleScene } = await module;
      if (stop.signal.aborted || !canvas.current) return;
      const listener = {
        onPose: (now: Pose) => (pose.value = now),
        onLost: (lost: boolean) => (stage.value = lost ? 'lost' : 'live'),
      };
      scene.current = new ParticleScene(canvas.current, particles.current, listener);
      scene.current.setBackground(backgroundOf(canvas.current));
      paint(by.value);
      stage.value = 'live';
      wake(sleeper.current);
    } catch (error) {
      if (isAbort(error)) return;
      problem.value = sentenceOf(error);
      mayRetry.value = mayPass(error);
      stage.value = 'failed';
    }
  }

  function paint(wanted: ColourBy): void {
    by.value = wanted;
    if (!particles.current) return;
    colouring.value = colour(particles.current, wanted);
    scene.current?.colour(colouring.value.values);
  }

  useEffect(() => {
    const element = canvas.current!;
    const seen = new IntersectionObserver(
      ([entry]) => {
        visible.current = entry!.isIntersecting;
        if (visible.current) void start();
      },
      { rootMargin: '200px' },
    );
    seen.observe(element.parentElement!);
    const sized = new ResizeObserver(() => scene.current?.resize());
    sized.observe(element);
    return () => {
      seen.disconnect();
      sized.disconnect();
    };
    // A canvas that lost its context on purpose gives no other one: each life has a canvas of its own.
  }, [version.value, artifact.id]);

  useEffect(() => {
    // Colours of the theme are those of the next frame.
    const frame = requestAnimationFrame(() => {
      if (canvas.current) scene.current?.setBackground(backgroundOf(canvas.current));
    });
    return () => cancelAnimationFrame(frame);
  }, [isDark.value]);

  useEffect(() => {
    return () => {
      loading.current?.abort();
      leave(sleeper.current);
      scene.current?.dispose();
      scene.current = null;
      particles.current = null;
      keepPicture(null);
    };
  }, [artifact.id]);

  const retry = () => {
    stage.value = 'asleep';
    void start(true);
  };
  return { canvas, scene, stage, problem, mayRetry, picture, pose, by, colouring, version, paint, retry };
}
