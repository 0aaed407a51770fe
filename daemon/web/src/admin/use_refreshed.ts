// What the daemon says now, asked again every few seconds as long as somebody looks.

import { useEffect, useState } from 'preact/hooks';

import { get, isAbort, mayPass, sentenceOf } from '../api/client.ts';
import { isOnline, reconnections } from '../state/connection.ts';

export interface Refreshed<T> {
  value: T | null;
  problem: string;
  mayRetry: boolean;
  refresh: () => void;
}

export function useRefreshed<T>(path: string, everyMs: number): Refreshed<T> {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState('');
  const [mayRetry, setMayRetry] = useState(true);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const ask = async (): Promise<void> => {
      try {
        // A page that nobody looks at asks nothing, and what is away is waited for elsewhere.
        if (document.visibilityState === 'visible' && isOnline.value) {
          setValue(await get<T>(path, { signal: stop.signal }));
          setProblem('');
        }
      } catch (error) {
        if (isAbort(error)) return;
        setProblem(sentenceOf(error));
        setMayRetry(mayPass(error));
      }
      if (!stop.signal.aborted) timer = setTimeout(() => void ask(), everyMs);
    };
    void ask();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [path, everyMs, round, reconnections.value]);
  return { value, problem, mayRetry, refresh: () => setRound((before) => before + 1) };
}
