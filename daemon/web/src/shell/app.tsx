// The whole page: the sidebar, and beside it the view that the address names.

import type { ComponentChildren } from 'preact';
import { AdminView, labelOfSection } from '../admin/admin_view.tsx';
import { ArtifactDialog } from '../artifacts/artifact_dialog.tsx';
import { ArtifactsPanel } from '../artifacts/artifacts_panel.tsx';
import { ChatView } from '../chat/chat_view.tsx';
import { DocumentsPanel } from '../documents/documents_panel.tsx';
import { route } from '../state/route.ts';
import { isNarrow, isSideOpen } from '../state/shell.ts';
import { IconButton } from '../ui/buttons.tsx';
import { Announcements } from '../ui/announcements.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { needsLogin } from '../state/session.ts';
import { Banner } from './banner.tsx';
import { Login } from './login.tsx';
import './shell.css';
import { Shortcuts } from './shortcuts.tsx';
import { Sidebar } from './sidebar.tsx';
import { useViewAnnouncements } from './view_announcer.ts';

export function App() {
  useViewAnnouncements();
  if (needsLogin.value) return <Login />;
  const isCovered = isNarrow.value && isSideOpen.value;
  return (
    <div class="page">
      <Sidebar />
      <main class="view" inert={isCovered}>
        <Banner />
        <View />
      </main>
      <ArtifactDialog />
      <Toasts />
      <Announcements />
      <Shortcuts />
    </div>
  );
}

function View() {
  const where = route.value;
  switch (where.view) {
    case 'chat':
      return <ChatView id={where.conversation} />;
    case 'documents':
      return <Beside title="Documents"><DocumentsPanel /></Beside>;
    case 'artifacts':
      return <Beside title="Files"><ArtifactsPanel handle={where.handle} /></Beside>;
    case 'admin':
      return <Beside title={labelOfSection(where.section)}><AdminView section={where.section} /></Beside>;
    case 'unknown':
      return (
        <Beside title="Nothing here">
          <div class="ui-empty">
            <h1>Nothing here</h1>
            <p>There is no page at {where.path}.</p>
            <a class="ui-button" href="/">New chat</a>
          </div>
        </Beside>
      );
  }
}

// Views that have no header of their own for the sidebar's button.
function Beside({ title, children }: { title: string; children: ComponentChildren }) {
  document.title = `${title} · assistd`;
  return (
    <>
      {!isSideOpen.value && (
        <div class="head">
          <IconButton icon="menu" label="Open the sidebar" onClick={() => (isSideOpen.value = true)} />
        </div>
      )}
      <div class="view-inside">{children}</div>
    </>
  );
}
