import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditCsv } from '../../../daemon/web/src/admin/audit_csv.ts';
import type { AuditEntry } from '../../../daemon/web/src/api/types.ts';

const entry = {
  at: '2026-03-01T12:00:00Z', user: '=cmd|1', tool: 'run_dla_simulation', plugin: { id: 'org.assistd.simulation', version: '1.4.0' }, project_id: null,
  conversation_id: null, turn_id: null, tool_call_id: 'call_1', job_id: null, arguments_sha256: 'ab', outcome: 'success', duration_s: 0.5, cpu_s: -1,
  peak_memory_bytes: null, result_bytes: 3, artifacts: ['simulation-1', 'plot-1'], decided_by: 'boss', deed: null,
} satisfies AuditEntry;

test('the audit as CSV has the columns of assistctl, and no formulas', () => {
  const lines = auditCsv([entry, { ...entry, user: 'boss', tool: 'users.create', deed: { whom: 'alice', details: 'role "user"', credential: '-1' } }]).split('\r\n');
  assert.equal(lines.length, 4);
  assert.match(lines[0]!, /^at,user,tool,outcome,decided_by,.*,artifacts,whom,details,credential$/);
  assert.equal(lines[1], `2026-03-01T12:00:00Z,'=cmd|1,run_dla_simulation,success,boss,0.5,-1,,org.assistd.simulation,1.4.0,,,,call_1,,ab,3,"[""simulation-1"",""plot-1""]",,,`);
  assert.match(lines[2]!, /,alice,"role ""user""",-1$/);
});
