// A server of MCP 2026-07-28, made with its official library: mcp_modern.mjs http|stdio [reject]. Over HTTP it says its
// port on standard output, once it listens; with "reject" it knows nothing older.
import http from 'node:http';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod/v4';

const [how, legacy] = process.argv.slice(2);
let grown = false;
let changed = () => {};
const cancelled = [];

function factory() {
    const server = new McpServer({ name: 'modern', version: '7.0.0' },
                                 { capabilities: { tools: { listChanged: true }, resources: {}, prompts: {} } });
    const text = (value) => ({ content: [{ type: 'text', text: String(value) }] });
    const region = z.string().meta({ 'x-mcp-header': 'Region' });
    server.registerTool('echo', { description: 'Says it back.', inputSchema: z.object({ text: z.string(), region: region.optional() }) },
                        async ({ text: said, region: where }) => text(where ? `${said} from ${where}` : said));
    server.registerTool('grow', { description: 'One tool more.', inputSchema: z.object({}) }, async () => {
        grown = true;
        changed(server);
        return text('grown');
    });
    server.registerTool('progress', { description: 'Takes its time.', inputSchema: z.object({}) }, async (_, context) => {
        const token = context.mcpReq._meta?.progressToken;
        for (let step = 0; step < 8; step++) {
            await new Promise((go) => setTimeout(go, 500));
            if (token !== undefined)
                await context.mcpReq.notify({ method: 'notifications/progress', params: { progressToken: token, progress: step, total: 8 } });
        }
        return text('done');
    });
    server.registerTool('stall', { description: 'Never ends.', inputSchema: z.object({}) }, (_, context) => new Promise((go) => {
        context.mcpReq.signal.addEventListener('abort', () => { cancelled.push('stall'); go(text('too late')); });
    }));
    server.registerTool('cancelled', { description: 'What was given up.', inputSchema: z.object({}) }, async () => text(cancelled.join(' ')));
    if (grown) server.registerTool('grown', { description: 'New.', inputSchema: z.object({}) }, async () => text('grown up'));
    server.registerResource('motd', 'motd://today', { title: 'Today' }, async (uri) => ({ contents: [{ uri: uri.href, text: 'be kind' }] }));
    server.registerPrompt('greet', { description: 'A greeting.', argsSchema: z.object({ name: z.string() }) },
                          ({ name }) => ({ messages: [{ role: 'user', content: { type: 'text', text: `Hello ${name}` } }] }));
    return server;
}

if (how === 'stdio') {
    changed = (server) => {
        server.registerTool('grown', { description: 'New.', inputSchema: z.object({}) },
                            async () => ({ content: [{ type: 'text', text: 'grown up' }] }));
    };
    serveStdio(factory, legacy === 'reject' ? { legacy } : {});
} else {
    const handler = createMcpHandler(factory, legacy === 'reject' ? { legacy } : {});
    changed = () => handler.notify.toolsChanged();
    http.createServer(async (request, response) => {
        const pieces = [];
        for await (const piece of request) pieces.push(piece);
        const gone = new AbortController();
        response.on('close', () => gone.abort());
        const answer = await handler.fetch(new Request(`http://127.0.0.1${request.url}`, {
            method: request.method,
            headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
            body: pieces.length > 0 ? Buffer.concat(pieces) : undefined,
            signal: gone.signal,
        }));
        response.writeHead(answer.status, Object.fromEntries(answer.headers));
        response.flushHeaders();
        if (answer.body) {
            const reader = answer.body.getReader();
            response.on('close', () => reader.cancel().catch(() => {}));
            for (let piece = await reader.read(); !piece.done; piece = await reader.read()) response.write(piece.value);
        }
        response.end();
    }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
}
