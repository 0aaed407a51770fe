// The whole page: the sidebar, and beside it the view that the address names.

import type { ComponentChildren } from 'preact';
import { AdminView, labelOfSection } from '../admin/admin_view.tsx';
import { ArtifactDialog } from '../artifacts/artifact_dialog.tsx';
import { ArtifactsPanel } from '../artifacts/artifacts_panel.tsx';
import { ChatView } from '../chat/chat_view.tsx';
import { DocumentsPanel } from '../documents/documents_panel.tsx';
import { ProjectDialogs } from '../projects/project_dialogs.tsx';
import { route } from '../state/route.ts';
import { closeDrawer, isNarrow, isSideOpen } from '../state/shell.ts';
import { Announcements } from '../ui/announcements.tsx';
import { needsLogin } from '../state/session.ts';
import { Banner } from './banner.tsx';
import { SidebarButtons } from './conversation_header.tsx';
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
      <a class="skip" href="#view" onClick={skip}>
        Skip to the content
      </a>
      <Sidebar />
      <main id="view" class="view" tabIndex={-1} inert={isCovered}>
        <Banner />
        <View />
      </main>
      <ArtifactDialog />
      <ProjectDialogs />
      <Announcements />
      <Shortcuts />
    </div>
  );
}

// Behind the sidebar. Not by the address, which names what is shown.
function skip(event: MouseEvent): void {
  event.preventDefault();
  closeDrawer();
  requestAnimationFrame(() => document.getElementById('view')?.focus());
}

function View() {
  const where = route.value;
  switch (where.view) {
    case 'chat':
      return <ChatView id={where.conversation} />;
    case 'documents':
      return <Beside title="Documents"><DocumentsPanel /></Beside>;
    case 'artifacts':
      return <Beside title="Files"><ArtifactsPanel /></Beside>;
    case 'admin':
      return <Beside title={labelOfSection(where.section)} heading="Administration"><AdminView section={where.section} /></Beside>;
    case 'unknown':
      return (
        <Beside title="Nothing here" heading="">
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
function Beside({ title, heading = title, children }: { title: string; heading?: string; children: ComponentChildren }) {
  document.title = `${title} · assistd`;
  return (
    <>
      {!isSideOpen.value && (
        <div class="head">
          <SidebarButtons />
          {/* Where there is little room, the heading below it is out of sight. */}
          <span class="head-title is-narrow" aria-hidden="true">{heading}</span>
        </div>
      )}
      <div class="view-inside">{children}</div>
    </>
  );
}
