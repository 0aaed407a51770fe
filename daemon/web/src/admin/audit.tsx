// Every call of a tool: who, what, what came of it, who decided; and what administrators did.

import { useState } from 'preact/hooks';

import { get } from '../api/client.ts';
import type { AuditEntry, Page, ToolList, User } from '../api/types.ts';
import { conversationPath } from '../state/route.ts';
import { usePages } from '../state/pages.ts';
import { looksAfterAll } from '../state/session.ts';
import { shortTime } from '../ui/format.ts';
import { ListEnd } from '../ui/list_end.tsx';
import { save } from '../ui/save.ts';
import { ActButton } from './act_button.tsx';
import { auditCsv } from './audit_csv.ts';
import { Choice } from './choice.tsx';
import { isOwn, ofWhom } from './of_whom.ts';
import { TableFrame } from './table_frame.tsx';
import { ToolName, toolText } from '../ui/tool_name.tsx';
import { useRefreshed } from './use_refreshed.ts';

// The closed list of what can come of a call (core/audit.h).
const outcomes = [
  'success',
  'running',
  'job',
  'lost',
  'ToolNotFoundError',
  'ContextError',
  'ValidationError',
  'PermissionError',
  'TimeoutError',
  'PluginCrashedError',
  'CancelledError',
  'QuotaExceededError',
  'InternalError',
];
// What administrators do (note_deed in daemon/api).
const deeds = [
  'config.reload', 'data.backup', 'jobs.cancel', 'keys.create', 'keys.revoke', 'plugins.approve', 'plugins.release', 'studies.cancel', 'users.change',
  'users.create', 'users.delete', 'users.export', 'users.remove_data',
];
const toolsEveryMs = 60_000;
const usersEveryMs = 60_000;

export function AuditSection() {
  const [tool, setTool] = useState('');
  const [outcome, setOutcome] = useState('');
  const [since, setSince] = useState('');
  const [until, setUntil] = useState('');
  const tools = useRefreshed<ToolList>('/tools', toolsEveryMs);
  const [user, setUser] = useState('');
  const query = { tool, outcome, since, until, ...(user ? { user } : ofWhom()) };
  const pages = usePages<AuditEntry, 'calls'>('/audit', 'calls', { ...query, limit: 50 });
  const isNarrowed = Boolean(tool || outcome || since || until || user);
  return (
    <>
      <div class="filters">
        {looksAfterAll.value && <UserChoice value={user} onChange={setUser} />}
        <Choice
          label="Tool"
          value={tool}
          onChange={setTool}
          options={(tools.value?.tools ?? []).map((one) => one.name).sort()}
          textOf={toolText}
          others={looksAfterAll.value ? { label: 'Administration', options: deeds } : undefined}
        />
        <Choice label="Outcome" value={outcome} onChange={setOutcome} options={outcomes} />
        <Day label="From" value={since} onChange={setSince} />
        <Day label="To" value={until} onChange={setUntil} />
        {pages.items.length > 0 && <Download query={query} />}
      </div>
      {pages.items.length > 0 && (
        <TableFrame label="Calls of tools" isLines>
          <thead>
            <tr>
              <th scope="col">Time</th>
              {looksAfterAll.value && <th scope="col">User</th>}
              <th scope="col">Tool</th>
              <th scope="col">Outcome</th>
              <th scope="col" class="is-number">
                Took
              </th>
              <th scope="col" class="is-number">
                Memory
              </th>
              <th scope="col">Decided by</th>
              <th scope="col">Arguments</th>
              <th scope="col">Where</th>
            </tr>
          </thead>
          <tbody>
            {pages.items.map((call) =>
              call.deed ? <Deed key={call.tool + call.at} entry={call} deed={call.deed} /> : <Call key={call.tool_call_id + call.at} call={call} />,
            )}
          </tbody>
        </TableFrame>
      )}
      <ListEnd pages={pages} of={['call', 'calls']} empty={isNarrowed ? 'No call fits.' : 'No tool has been called yet.'} />
    </>
  );
}

function UserChoice({ value, onChange }: { value: string; onChange: (user: string) => void }) {
  const users = useRefreshed<{ users: User[] }>('/users', usersEveryMs);
  return <Choice label="User" value={value} onChange={onChange} options={(users.value?.users ?? []).map((one) => one.name).sort()} />;
}

type Query = Record<string, string | undefined>;

// All that the filters let through, also what is not loaded.
function Download({ query }: { query: Query }) {
  const write = async (): Promise<void> => {
    save('audit.csv', new Blob([auditCsv(await wholeAudit(query))], { type: 'text/csv' }));
  };
  return <ActButton label="Download as CSV" run={write} />;
}

async function wholeAudit(query: Query): Promise<AuditEntry[]> {
  const all: AuditEntry[] = [];
  let cursor: string | null = null;
  do {
    const page: Page & { calls: AuditEntry[] } = await get('/audit', { query: { ...query, limit: 100, cursor } });
    all.push(...page.calls);
    cursor = page.next_cursor;
  } while (cursor);
  return all;
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label>
      <span class="ui-small ui-soft">{label}</span>
      <input class="ui-field" type="date" value={value} onChange={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}

function Deed({ entry, deed }: { entry: AuditEntry; deed: NonNullable<AuditEntry['deed']> }) {
  return (
    <tr>
      <td class="is-whole" title={entry.at}>{shortTime(entry.at)}</td>
      {looksAfterAll.value && <td class="is-long">{entry.user}</td>}
      <td class="is-first">{entry.tool}</td>
      <td>
        <span class="ui-badge is-good">{entry.outcome}</span>
      </td>
      <td />
      <td />
      <td class="is-long" data-label="By" title="By which key, token or login">{deed.credential}</td>
      <td class="is-long">{[deed.whom, deed.details].filter(Boolean).join(', ')}</td>
      <td>administration</td>
    </tr>
  );
}

function Call({ call }: { call: AuditEntry }) {
  const isGood = ['success', 'running', 'job'].includes(call.outcome);
  const took = call.duration_s < 1 ? `${Math.round(call.duration_s * 1000)} ms` : `${call.duration_s.toFixed(1)} s`;
  return (
    <tr>
      <td class="is-whole" title={call.at}>{shortTime(call.at)}</td>
      {looksAfterAll.value && <td class="is-long">{call.user}</td>}
      <td class="is-first" title={[call.plugin.id, call.plugin.version].filter(Boolean).join(' ')}>
        <ToolName name={call.tool} />
      </td>
      <td>
        <span class={`ui-badge ${isGood ? 'is-good' : 'is-bad'}`}>{call.outcome}</span>
      </td>
      <td class="is-number">{took}</td>
      <td class="is-number">{call.peak_memory_bytes !== null && `${Math.round(call.peak_memory_bytes / 1e6)} MB`}</td>
      <td class="is-long" data-label="Decided by">{call.decided_by}</td>
      <td data-label="Arguments">
        <code title={`SHA-256 ${call.arguments_sha256}`}>{call.arguments_sha256.slice(0, 8)}</code>
      </td>
      <td>{call.conversation_id && isOwn(call) ? <a href={conversationPath(call.conversation_id)}>conversation</a> : call.conversation_id ? 'conversation' : call.job_id ? 'job' : 'by itself'}</td>
    </tr>
  );
}
