// All artifacts of the user.

export function ArtifactsPanel() {
  return (
    <section class="ui-view" aria-labelledby="artifacts-title">
      <header class="ui-view-head">
        <h1 id="artifacts-title">Files</h1>
      </header>
    </section>
  );
}
