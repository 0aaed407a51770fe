// A list is asked for again while something in it runs.

import { useEffect } from 'preact/hooks';

const askEveryMs = 1_500;

export function useReloadWhile(isRunning: boolean, reload: () => void): void {
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(reload, askEveryMs);
    return () => clearInterval(timer);
  }, [isRunning]);
}
