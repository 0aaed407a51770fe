// Asks once more before something that cannot be taken back.

import { useId, useState } from 'preact/hooks';

import { sentenceOf } from '../api/client.ts';
import { Dialog } from '../ui/dialog.tsx';

export function Confirm({ title, text, action, run, onClose }: { title: string; text: string; action: string; run: () => Promise<void>; onClose: () => void }) {
  const about = useId();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const go = async (): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    setProblem('');
    try {
      await run();
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} about={about}>
      <p id={about}>{text}</p>
      <p class="form-problem" role="alert">{problem}</p>
      <div class="form-buttons">
        <button type="button" class="ui-button is-dangerous" aria-disabled={isBusy} onClick={() => void go()}>
          {action}
        </button>
        <button type="button" class="ui-button" onClick={onClose}>
          Leave it
        </button>
      </div>
    </Dialog>
  );
}
