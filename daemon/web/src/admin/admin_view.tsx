// Administration: plugins, jobs, studies, usage, audit, providers.

export function AdminView({ section }: { section: string }) {
  return (
    <section class="ui-view" aria-labelledby="admin-title">
      <header class="ui-view-head">
        <h1 id="admin-title">Administration {section}</h1>
      </header>
    </section>
  );
}
