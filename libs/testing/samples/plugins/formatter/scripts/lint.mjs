// Takes its time, while the agent goes on.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const { file_path: path } = JSON.parse(readFileSync(0, 'utf8')).tool_input;
await pause(200);
if (readFileSync(path, 'utf8').includes('eval(')) {
  console.error(`${path} calls eval.`);
  process.exit(2);
}
const hookSpecificOutput = { hookEventName: 'PostToolUse', additionalContext: `${path} has no tests.` };
console.log(JSON.stringify({ systemMessage: `Linted ${path}`, hookSpecificOutput }));
