// Adds to each request of a recording (standard input) what three tokenizers count; see record.py.
import {createRequire} from 'node:module';
import fs from 'node:fs';
import path from 'node:path';

const load = createRequire(path.resolve(process.argv[2], 'package.json'));
const o200k = load('gpt-tokenizer/encoding/o200k_base');
const {countTokens} = load('@anthropic-ai/tokenizer');
const llama3 = (await import(load.resolve('llama3-tokenizer-js'))).default;
const tokenizers = {
  o200k: text => o200k.encode(text).length,
  llama3: text => llama3.encode(text, {bos: false, eos: false}).length,
  claude: text => countTokens(text),
};

const recording = JSON.parse(fs.readFileSync(0, 'utf8'));
for (const [name, count] of Object.entries(tokenizers)) {
  const ofMessage = m => 4 + count(m.content ?? '') + (m.tool_calls ?? [])
      .reduce((sum, call) => sum + 4 + count(call.function.name) + count(call.function.arguments), 0);
  const prompt = count(recording.system) +
      recording.tools.reduce((sum, tool) => sum + 4 + count(tool.name) + count(tool.description) + count(tool.schema), 0);
  recording.prompt = {...recording.prompt, [name]: prompt};
  for (const conversation of recording.conversations) {
    let sum = prompt;
    for (const request of conversation.requests) {
      for (const message of request.new) sum += ofMessage(message);
      request.counted = {...request.counted, [name]: sum};
    }
  }
}
process.stdout.write(JSON.stringify(recording, null, 1) + '\n');
