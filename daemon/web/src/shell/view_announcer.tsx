// Says to screen readers which view has come: nothing else does, since the page is not loaded again.

import { useEffect, useRef, useState } from 'preact/hooks';
import { route } from '../state/route.ts';

const names = { chat: 'Chat', documents: 'Documents', artifacts: 'Files', admin: 'Administration', unknown: 'Nothing here' };

export function ViewAnnouncer() {
  const { view } = route.value;
  const first = useRef(view);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said || view !== first.current) setSaid(names[view]);
  }, [view]);
  return (
    <div class="ui-hidden" role="status">
      {said}
    </div>
  );
}
