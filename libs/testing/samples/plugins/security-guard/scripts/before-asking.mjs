// Spares people questions whose answer is known.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(0, 'utf8');
appendFileSync(join(process.env.CLAUDE_PROJECT_DIR, 'events.log'), text);
if (JSON.parse(text).tool_input.command.includes('| sh')) {
  const decision = { behavior: 'deny', message: 'Nobody allows that.', interrupt: false };
  console.log(JSON.stringify({ hookSpecificOutput: { hookEventName: 'PermissionRequest', decision } }));
}
