// Where screen readers hear what was announced. It stands in the page, and in each dialog: what is outside of the dialog
// that is open does not exist for them. No role: an empty status bar would be read to whoever goes through the page.

import { useEffect, useState } from 'preact/hooks';
import { announcements, closePlace, openPlace } from '../state/announcements.ts';

export function Announcements() {
  const [place, setPlace] = useState(0);
  useEffect(() => {
    const opened = openPlace();
    setPlace(opened);
    return () => closePlace(opened);
  }, []);
  return (
    <div class="ui-hidden announcements" aria-live="polite" aria-relevant="additions">
      {announcements.value
        .filter((one) => one.place === place)
        .map(({ id, text }) => (
          <p key={id}>{text}</p>
        ))}
    </div>
  );
}
