// Changes that come faster than the page is drawn, shown together.

import { batch } from '@preact/signals';

export class PerFrame {
  private waiting: (() => void)[] = [];

  add(change: () => void): void {
    if (this.waiting.length === 0) whenDrawn(() => this.flush());
    this.waiting.push(change);
  }

  flush(): void {
    const changes = this.waiting;
    this.waiting = [];
    batch(() => {
      for (const change of changes) change();
    });
  }
}

// A page in the background draws no frames.
function whenDrawn(run: () => void): void {
  if (document.visibilityState === 'visible') requestAnimationFrame(run);
  else setTimeout(run, 200);
}
