import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, Tool } from '../../../daemon/web/src/api/types.ts';
import { asMarkdown } from '../../../daemon/web/src/state/conversation_file.ts';
import { tools } from '../../../daemon/web/src/state/tools.ts';

const said = (fields: Partial<Message>): Message => ({
  id: 'msg', role: 'user', content: '', tool_calls: null, tool_call_id: null, created_at: '2026-03-01T12:34:56Z', turn_id: null, ...fields,
});

test('a conversation as Markdown says who said what, and what was done in between', () => {
  tools.value = [{ name: 'run_dla_simulation', title: 'DLA simulation' }] as Tool[];
  const call = { id: 'c', type: 'function' as const, function: { name: 'run_dla_simulation', arguments: '{"n_particles":500,"name":"big"}' } };
  const result = { success: true, summary: 'Grew it.', artifacts: [{ handle: 'simulation-1' }] };
  const text = asMarkdown({
    id: 'conv_1', title: null, messages: [
      said({ content: 'Grow it', attachments: [{ artifact: 'art_1', media_type: 'text/csv', handle: 'file-1', name: 'a.csv' }] }),
      said({ role: 'assistant', tool_calls: [call] }),
      said({ role: 'tool', name: 'run_dla_simulation', content: JSON.stringify(result) }),
      said({ role: 'tool', name: 'other', content: '{"success":false,"error":{"message":"No run_dla_simulation."}}' }),
      said({ role: 'tool', name: 'other', content: 'plain' }),
      said({ role: 'assistant', content: 'There.' }),
      said({ role: 'system', content: 'run_dla_simulation is done.' }),
    ],
  });
  assert.equal(text, [
    '# conv_1', '## user, 2026-03-01 12:34', 'Grow it', '* attached: file-1, a.csv', '## assistant, 2026-03-01 12:34',
    '* calls DLA simulation with n_particles=500, name=big', '* DLA simulation: Grew it. (simulation-1)', '* Other: failed: No DLA simulation.', '* Other: plain',
    'There.', '## system, 2026-03-01 12:34', 'DLA simulation is done.',
  ].join('\n\n') + '\n');
});
