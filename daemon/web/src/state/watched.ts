// What goes on in the daemon by itself and cards on the page show, such as jobs: each is asked for once, and again as long
// as it goes on.

import { type Signal, signal } from '@preact/signals';
import { ApiError, sentenceOf } from '../api/client.ts';
import { pause } from './connection.ts';

const between = 1_000;
const hiddenBetween = 10_000;

export interface Watched<T> {
  value: T | null;
  error: string | null;
}

export interface Watching<T> {
  read: (id: string) => Promise<T>;
  goesOn: (value: T) => boolean;
  // Called when it was seen to go on before.
  onEnd: (value: T) => void;
}

export class Watcher<T> {
  private readonly how: Watching<T>;
  private readonly watched = new Map<string, Signal<Watched<T>>>();
  private readonly asking = new Set<string>();

  constructor(how: Watching<T>) {
    this.how = how;
  }

  watch(id: string): Signal<Watched<T>> {
    const known = this.watched.get(id);
    if (known) return known;
    const state = signal<Watched<T>>({ value: null, error: null });
    this.watched.set(id, state);
    void this.follow(id, state);
    return state;
  }

  // It goes on anew, or was changed.
  again(id: string): void {
    const state = this.watched.get(id);
    if (state && !this.asking.has(id)) void this.follow(id, state);
  }

  private async follow(id: string, state: Signal<Watched<T>>): Promise<void> {
    this.asking.add(id);
    let hasGoneOn = false;
    while (true) {
      try {
        const value = await this.how.read(id);
        state.value = { value, error: null };
        if (!this.how.goesOn(value)) {
          if (hasGoneOn) this.how.onEnd(value);
          break;
        }
        hasGoneOn = true;
      } catch (error) {
        if (error instanceof ApiError && error.status < 500) {
          state.value = { ...state.value, error: sentenceOf(error) };
          break;
        }
      }
      await pause(document.visibilityState === 'visible' ? between : hiddenBetween);
    }
    this.asking.delete(id);
  }
}
