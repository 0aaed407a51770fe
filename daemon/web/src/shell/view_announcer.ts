// Says to screen readers which view has come: nothing else does, since the page is not loaded again.

import { useEffect, useRef } from 'preact/hooks';
import { labelOfSection } from '../admin/admin_view.tsx';
import { announce } from '../state/announcements.ts';
import { conversations, titleOf } from '../state/conversation_list.ts';
import { type Route, route } from '../state/route.ts';

export function useViewAnnouncements(): void {
  const where = route.value;
  const before = useRef(where);
  useEffect(() => {
    const from = before.current;
    before.current = where;
    const name = nameOf(where);
    // What was just begun is still the same to who has begun it.
    const isBegun = from.view === 'chat' && from.conversation === null && where.view === 'chat' && where.conversation !== null;
    if (name !== nameOf(from) && !isBegun) announce(name);
  }, [where]);
}

function nameOf(where: Route): string {
  switch (where.view) {
    case 'chat': {
      const listed = conversations.peek()?.find((one) => one.id === where.conversation);
      return where.conversation === null ? 'New chat' : listed ? titleOf(listed) : 'Conversation';
    }
    case 'documents':
      return 'Documents';
    case 'artifacts':
      return 'Files';
    case 'admin':
      return labelOfSection(where.section);
    case 'unknown':
      return 'Nothing here';
  }
}
