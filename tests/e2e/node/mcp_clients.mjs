// The official clients of the Model Context Protocol against a daemon: both generations, over HTTP and through
// assistctl mcp. Started by mcp_clients.py, which says in the environment where both are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OldHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { Client as NewClient, StreamableHTTPClientTransport as NewHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as NewStdio } from '@modelcontextprotocol/client/stdio';

const url = new URL(process.env.ASSISTD_MCP_URL);
const stdio = { command: process.env.ASSISTD_MCP_ASSISTCTL, args: ['--server', url.origin, 'mcp'] };
const info = { name: 'tests', version: '1.0.0' };

const generations = {
  old: {
    client: (capabilities) => new OldClient(info, { capabilities }),
    http: () => new OldHttp(url),
    stdio: () => new OldStdio(stdio),
    onElicitation: (client, answer) => client.setRequestHandler(ElicitRequestSchema, answer),
    call: (client, name, args, options) => client.callTool({ name, arguments: args }, undefined, options),
    revision: '2025-11-25',
  },
  new: {
    client: (capabilities) => new NewClient(info, { capabilities, versionNegotiation: { mode: 'auto' } }),
    http: () => new NewHttp(url),
    stdio: () => new NewStdio(stdio),
    onElicitation: (client, answer) => client.setRequestHandler('elicitation/create', answer),
    call: (client, name, args, options) => client.callTool({ name, arguments: args }, options),
    revision: '2026-07-28',
  },
};
const cancelledCalls = async () => {
  const reply = await fetch(new URL('/api/v1/ai/audit?tool=silent_wait&outcome=CancelledError&limit=100', url));
  return (await reply.json()).calls.length;
};
const text = (result) => result.content.filter((block) => block.type === 'text').map((block) => block.text).join('\n');

for (const [age, how] of Object.entries(generations)) {
  for (const way of ['http', 'stdio']) {
    const connected = async (work, capabilities = {}, prepare = () => {}) => {
      const client = how.client(capabilities);
      prepare(client);
      await client.connect(how[way]());
      try {
        await work(client);
      } finally {
        await client.close();
      }
    };
    const named = (name) => `${age} client over ${way}: ${name}`;

    test(named('the revision is the newest of both'), () => connected(async (client) => {
      if (age === 'new') assert.equal(client.getNegotiatedProtocolVersion(), how.revision);
      assert.equal(client.getServerVersion().name, 'assistd');
    }));

    test(named('tools, a call and its file'), () => connected(async (client) => {
      const { tools } = await client.listTools();
      assert.ok(tools.find((tool) => tool.name === 'run_dla_simulation').outputSchema);
      // The client itself checks that the result fits the output schema.
      const grown = await how.call(client, 'run_dla_simulation', { n_particles: 60 });
      assert.equal(grown.structuredContent.n_particles, 60);
      const simulation = grown.content.find((block) => block.type === 'resource_link');
      const table = await how.call(client, 'export_simulation_csv', { simulation: simulation.name });
      const links = table.content.filter((block) => block.type === 'resource_link' && block.mimeType === 'text/csv');
      const texts = await Promise.all(links.map(async ({ uri }) => (await client.readResource({ uri })).contents[0].text));
      assert.ok(texts.some((csv) => csv.split('\n').length > 60));
      const listed = await client.listResources();
      assert.ok(links.every(({ uri }) => listed.resources.some((resource) => resource.uri === uri)));
      assert.equal((await client.listResourceTemplates()).resourceTemplates.length, 1);
      await assert.rejects(client.readResource({ uri: 'assistd://artifacts/plot-99' }), /no resource/);
    }));

    test(named('a failure is a result, an unknown tool an error'), () => connected(async (client) => {
      assert.equal((await how.call(client, 'test_error_handling', {})).isError, true);
      await assert.rejects(how.call(client, 'no_such_tool', {}), /no tool/);
    }));

    test(named('progress'), () => connected(async (client) => {
      const told = [];
      const onprogress = (progress) => told.push(progress);
      await how.call(client, 'test_tool_with_progress', { times: 20 }, { onprogress });
      // Progress is thinned out by time, so how many of the 20 are told is not promised.
      assert.ok(told.length >= 3);
      assert.ok(told.every((one, i) => i === 0 || one.progress > told[i - 1].progress));
      assert.equal(told[0].total, 100);
    }));

    test(named('a call that its client gives up ends'), () => connected(async (client) => {
      const before = await cancelledCalls();
      const patience = new AbortController();
      const onprogress = () => patience.abort();  // it runs
      await assert.rejects(how.call(client, 'silent_wait', { seconds: 300 }, { signal: patience.signal, onprogress }));
      const deadline = Date.now() + 60_000;
      while ((await cancelledCalls()) === before) assert.ok(Date.now() < deadline, 'the call goes on');
      assert.equal(text(await how.call(client, 'test_simple_text', {})), 'This is a simple text response for testing.');
    }));

    for (const action of ['accept', 'decline', 'cancel'])
      test(named(`a person says ${action}`), () => {
        let asked = '';
        return connected(async (client) => {
          const result = await how.call(client, 'test_elicitation', { message: 'Salt' });
          assert.match(asked, /Salt/);
          assert.equal(result.isError ?? false, action !== 'accept');
        }, { elicitation: { form: {} } }, (client) => how.onElicitation(client, async (request) => {
          asked = request.params.message;
          return action === 'accept' ? { action, content: {} } : { action };
        }));
      });

    test(named('a client that cannot ask its person'), () => connected(async (client) => {
      const result = await how.call(client, 'test_elicitation', { message: 'Salt' });
      assert.equal(result.isError, true);
      assert.match(text(result), /assistctl tools run test_elicitation/);
    }));

    test(named('calls side by side'), () => connected(async (client) => {
      const calls = Array.from({ length: 12 }, (_, i) => how.call(client, 'large_result', { bytes: 1000 * i }));
      const results = await Promise.all(calls);
      assert.deepEqual(results.map((result) => result.structuredContent.text.length), calls.map((_, i) => 1000 * i));
    }));

    test(named('a result of three megabytes'), () => connected(async (client) => {
      const result = await how.call(client, 'large_result', { bytes: 3_000_000 });
      assert.equal(result.structuredContent.text.length, 3_000_000);
    }));
  }
}

test('old client: ping and the log', async () => {
  for (const transport of [generations.old.http(), generations.old.stdio()]) {
    const client = generations.old.client({});
    const told = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, (one) => told.push(one.params.data));
    await client.connect(transport);
    await client.ping();
    await client.setLoggingLevel('info');
    await generations.old.call(client, 'test_tool_with_logging', {});
    assert.ok(told.includes('processing data'), told.join());
    await client.close();
  }
});

test('new client: a daemon is not taken for an old one when it is told to be', async () => {
  const client = new NewClient(info, { capabilities: {} });
  await client.connect(generations.new.http());
  assert.equal(client.getNegotiatedProtocolVersion(), '2025-11-25');
  assert.ok((await client.listTools()).tools.length > 10);
  await client.close();
});
