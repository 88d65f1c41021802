// Has the agent say once whether the tests ran.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(0, 'utf8');
appendFileSync(join(process.env.CLAUDE_PROJECT_DIR, 'events.log'), text);
const { stop_hook_active: isActive, last_assistant_message: message } = JSON.parse(text);
if (!isActive && message.includes('no tests')) {
  console.error('Run the tests first.');
  process.exit(2);
}
