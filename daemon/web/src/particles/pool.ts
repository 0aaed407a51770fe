// Browsers give a page some sixteen WebGL contexts and take away the oldest without asking. So few views are live at
// a time: the ones longest out of sight are put to sleep, which leaves their picture.

export interface Sleeper {
  isVisible(): boolean;
  sleep(): void;
}

const most = 8;
const live: Sleeper[] = [];

export function wake(view: Sleeper): void {
  live.push(view);
  while (live.length > most) {
    const oldest = live.findIndex((one) => one !== view && !one.isVisible());
    if (oldest < 0) return;
    live.splice(oldest, 1)[0]!.sleep();
  }
}

export function leave(view: Sleeper): void {
  const place = live.indexOf(view);
  if (place >= 0) live.splice(place, 1);
}
