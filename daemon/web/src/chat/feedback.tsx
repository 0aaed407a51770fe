// Whether a reply was good: kept with its message.

import { useState } from 'preact/hooks';
import { sentenceOf } from '../api/client.ts';
import { giveFeedback } from '../api/conversations.ts';
import type { Feedback } from '../api/types.ts';
import { showError } from '../state/toasts.ts';
import { IconButton } from '../ui/buttons.tsx';
import type { TurnView } from './turn_view.ts';

export function FeedbackButtons({ view, conversation }: { view: TurnView; conversation: string }) {
  const reply = view.parts.findLast((part) => part.kind === 'text' && part.text !== '');
  const stored = reply?.kind === 'text' ? reply.feedback : null;
  // What was just given, until it is loaded with the message.
  const [given, setGiven] = useState<{ feedback: Feedback | null } | null>(null);
  if (!reply) return null;
  const feedback = given ? given.feedback : stored;
  const give = async (wanted: Feedback): Promise<void> => {
    const next = feedback === wanted ? null : wanted;
    setGiven({ feedback: next });
    try {
      await giveFeedback(conversation, reply.id, next);
    } catch (error) {
      setGiven(null);
      showError(sentenceOf(error));
    }
  };
  return (
    <>
      <IconButton small icon="thumb_up" label="A good reply" pressed={feedback === 'positive'} onClick={() => void give('positive')} />
      <IconButton small icon="thumb_down" label="A bad reply" pressed={feedback === 'negative'} onClick={() => void give('negative')} />
    </>
  );
}
