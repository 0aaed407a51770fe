// The sidebar: a new chat, search, the conversations, and the way to the other views.

import { useEffect, useRef } from 'preact/hooks';
import { announce } from '../state/announcements.ts';
import { isOnline, reconnections } from '../state/connection.ts';
import {
  conversations, filter, hasMore, listError, loadConversations, loadMoreConversations, refreshConversations,
} from '../state/conversation_list.ts';
import { focusComposer } from '../state/composer.ts';
import { route } from '../state/route.ts';
import { areShortcutsOpen, closeDrawer, isNarrow, isSideOpen, openSearch } from '../state/shell.ts';
import { setTheme, theme } from '../state/theme.ts';
import { IconButton } from '../ui/buttons.tsx';
import { dayGroup } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { useRover } from '../ui/rover.ts';
import { AccountMenu } from './account_menu.tsx';
import { ConversationRow } from './conversation_row.tsx';
import { resultsId, Search } from './search.tsx';

const refreshMs = 4_000;

export function Sidebar() {
  const isOpen = isSideOpen.value;
  const again = reconnections.value;
  useEffect(() => void loadConversations(), [again]);
  useEffect(() => {
    const reload = (): void => {
      if (document.visibilityState === 'visible') void loadConversations();
    };
    document.addEventListener('visibilitychange', reload);
    const timer = setInterval(() => void refreshConversations(), refreshMs);
    return () => {
      document.removeEventListener('visibilitychange', reload);
      clearInterval(timer);
    };
  }, []);
  return (
    <>
      {isOpen && isNarrow.value && <div class="side-backdrop" onClick={closeDrawer} />}
      <nav
        class={`side ${isOpen ? 'is-open' : ''}`}
        aria-label="Conversations and views"
        hidden={!isOpen}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !event.defaultPrevented) closeDrawer();
        }}
      >
        <div class="side-top">
          <span class="side-name">assistd</span>
          <IconButton icon="search" label="Search conversations (Ctrl+K)" onClick={openSearch} />
          <IconButton icon="menu" label="Close the sidebar" onClick={() => (isSideOpen.value = false)} />
        </div>
        <a
          class="ui-button side-new"
          href="/"
          onClick={() => {
            closeDrawer();
            focusComposer();
          }}
        >
          <Icon name="add" />
          New chat
        </a>
        <Search />
        <List />
        <div class="side-bottom">
          <SideLink href="/documents" icon="document" text="Documents" isHere={route.value.view === 'documents'} />
          <SideLink href="/artifacts" icon="cube" text="Files" isHere={route.value.view === 'artifacts'} />
          <SideLink href="/admin" icon="settings" text="Administration" isHere={route.value.view === 'admin'} />
          <div class="side-buttons">
            <ThemeMenu />
            <IconButton icon="keyboard" label="Keyboard shortcuts (?)" onClick={() => (areShortcutsOpen.value = true)} />
            <AccountMenu />
          </div>
        </div>
      </nav>
    </>
  );
}

function SideLink({ href, icon, text, isHere }: { href: string; icon: IconName; text: string; isHere: boolean }) {
  return (
    <a class="side-link" href={href} aria-current={isHere ? 'page' : undefined} onClick={closeDrawer}>
      <Icon name={icon} />
      {text}
    </a>
  );
}

function List() {
  const list = conversations.value;
  // That nothing answers is said above all that is shown.
  const problem = isOnline.value ? listError.value : null;
  const end = useRef<HTMLDivElement>(null);
  const more = hasMore.value;
  const length = list?.length ?? 0;
  useEffect(() => {
    if (!end.current || !more) return;
    const near = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && void loadMoreConversations(), {
      rootMargin: '400px',
    });
    near.observe(end.current);
    return () => near.disconnect();
  }, [more, length]);
  const { q, archived } = filter.value;
  const nothing = q ? `Nothing is found for “${q}”.` : archived ? 'Nothing is archived.' : 'Your conversations will be here.';
  const asked = useRef(filter.value);
  useEffect(() => {
    // What is shown is what was asked for last: that it was loaded again later is not told.
    if (asked.current === filter.value || !list) return;
    asked.current = filter.value;
    announce(length === 0 ? nothing : `${length}${more ? ' or more' : ''} ${length === 1 ? 'conversation' : 'conversations'}.`);
  }, [list]);
  const where = route.value;
  const here = where.view === 'chat' ? (where.conversation ?? undefined) : undefined;
  const { stop, ...roving } = useRover((list ?? []).map((one) => one.id), 'data-conversation', here);
  const Rows = q ? 'div' : 'ul';
  let group = '';
  return (
    <div class="side-list" tabIndex={-1}>
      {problem && (
        <p class="side-note">
          {problem}{' '}
          <button type="button" class="ui-button is-small" onClick={() => void loadConversations()}>
            Try again
          </button>
        </p>
      )}
      {!list && !problem && isOnline.value && <p class="side-note ui-late">Loading …</p>}
      {list?.length === 0 && !problem && (
        <p class="side-note">{nothing}</p>
      )}
      <Rows id={resultsId} class="side-rows" role={q ? 'grid' : undefined} aria-label={archived ? 'Archived conversations' : 'Conversations'} hidden={length === 0} {...roving}>
        {list?.flatMap((conversation) => {
          const day = q ? '' : dayGroup(conversation.updated_at);
          const isNew = day !== group;
          group = day;
          const row = <ConversationRow key={conversation.id} conversation={conversation} isSearch={q !== ''} isStop={conversation.id === stop} />;
          return isNew && day ? [<li key={`day ${day}`} class="side-day" aria-hidden="true">{day}</li>, row] : [row];
        })}
      </Rows>
      <div ref={end} />
    </div>
  );
}

function ThemeMenu() {
  return (
    <Menu
      label="Colours"
      place="above"
      align="start"
      items={[
        { label: 'As the system', icon: 'system', checked: theme.value === 'system', run: () => setTheme('system') },
        { label: 'Light', icon: 'sun', checked: theme.value === 'light', run: () => setTheme('light') },
        { label: 'Dark', icon: 'moon', checked: theme.value === 'dark', run: () => setTheme('dark') },
      ]}
    >
      <Icon name={theme.value === 'dark' ? 'moon' : theme.value === 'light' ? 'sun' : 'system'} />
    </Menu>
  );
}
