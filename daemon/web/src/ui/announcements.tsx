// Where what the page has to say is seen and heard. It stands in the page, and in each dialog: what is outside of the dialog
// that is open cannot be pressed, and does not exist for screen readers. No role: an empty status bar would be read to whoever
// goes through the page.

import { useEffect, useState } from 'preact/hooks';
import { announcements, closePlace, openPlace, topPlace } from '../state/announcements.ts';
import { Toasts } from './toasts.tsx';

export function Announcements() {
  const [place, setPlace] = useState(0);
  useEffect(() => {
    const opened = openPlace();
    setPlace(opened);
    return () => closePlace(opened);
  }, []);
  return (
    <>
      {topPlace.value === place && <Toasts />}
      <div class="ui-hidden announcements" aria-live="polite" aria-relevant="additions">
        {announcements.value
          .filter((one) => one.place === place)
          .map(({ id, text }) => (
            <p key={id}>{text}</p>
          ))}
      </div>
    </>
  );
}
