// The documents: what is indexed, uploads, search.

export function DocumentsPanel() {
  return (
    <section class="ui-view" aria-labelledby="documents-title">
      <header class="ui-view-head">
        <h1 id="documents-title">Documents</h1>
      </header>
    </section>
  );
}
