// Tells a reviewer how to speak.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(0, 'utf8');
appendFileSync(join(process.env.CLAUDE_PROJECT_DIR, 'events.log'), text);
const { hook_event_name: hookEventName } = JSON.parse(text);
console.log(JSON.stringify({ hookSpecificOutput: { hookEventName, additionalContext: 'Be brief.' } }));
