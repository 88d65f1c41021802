// Shows the model the beginning of what is long.
import { readFileSync } from 'node:fs';

const LIMIT = 1_000;
const { tool_name: tool, tool_response: response } = JSON.parse(readFileSync(0, 'utf8'));
const cut = (text) => `${text.slice(0, LIMIT)} [shortened]`;
const answer = (fields) =>
  console.log(JSON.stringify({ hookSpecificOutput: { hookEventName: 'PostToolUse', ...fields } }));

if (tool === 'Bash' && response.stdout.length > LIMIT)
  answer({ updatedToolOutput: { ...response, stdout: cut(response.stdout) } });
if (tool !== 'Bash' && response.length > LIMIT)
  answer({ updatedMCPToolOutput: [{ type: 'text', text: cut(response) }] });
