// The whole page: the sidebar, and beside it the view that the address names.

import { AdminView } from '../admin/admin_view.tsx';
import { DocumentsPanel } from '../documents/documents_panel.tsx';
import { route } from '../state/route.ts';
import { Toasts } from '../ui/toasts.tsx';

export function App() {
  return (
    <>
      <main class="view">
        <View />
      </main>
      <Toasts />
    </>
  );
}

function View() {
  const where = route.value;
  if (where.view === 'documents') return <DocumentsPanel />;
  if (where.view === 'admin') return <AdminView section={where.section} />;
  return null;
}
