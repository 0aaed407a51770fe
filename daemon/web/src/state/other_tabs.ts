// Which of the large texts other tabs know too. A tab that is duplicated begins with all that the first one has named, and
// must neither change nor remove what that goes on with.

const answersWithinMs = 200;

interface Question {
  asks: string[];
}
interface Answer {
  has: string[];
}

// Opened when the page begins, and not by whoever only reads this file.
let channel: BroadcastChannel | null = null;

export function askOtherTabs(ids: string[]): Promise<Set<string>> {
  const known = new Set<string>();
  const others = channel;
  if (!others || ids.length === 0) return Promise.resolve(known);
  return new Promise((resolve) => {
    const hear = ({ data }: MessageEvent<Question | Answer>): void => {
      if ('has' in data) for (const id of data.has) if (ids.includes(id)) known.add(id);
    };
    others.addEventListener('message', hear);
    others.postMessage({ asks: ids } satisfies Question);
    setTimeout(() => {
      others.removeEventListener('message', hear);
      resolve(known);
    }, answersWithinMs);
  });
}

export function answerOtherTabs(mine: () => string[]): void {
  const others = 'BroadcastChannel' in globalThis ? new BroadcastChannel('assistd.large') : null;
  channel = others;
  others?.addEventListener('message', ({ data }: MessageEvent<Question | Answer>) => {
    if (!('asks' in data)) return;
    const has = mine().filter((id) => data.asks.includes(id));
    if (has.length > 0) others.postMessage({ has } satisfies Answer);
  });
}
