// Names the session, and keeps passwords out of the conversation.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(0, 'utf8');
appendFileSync(join(process.env.CLAUDE_PROJECT_DIR, 'events.log'), text);
const { prompt, hook_event_name: hookEventName } = JSON.parse(text);
if (prompt.includes('password=')) console.log(JSON.stringify({ decision: 'block', reason: 'It holds a password.' }));
else
  console.log(
    JSON.stringify({
      hookSpecificOutput: { hookEventName, additionalContext: 'It is Friday.', sessionTitle: 'On Friday' },
    }),
  );
