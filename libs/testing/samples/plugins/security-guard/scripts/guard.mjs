// Refuses what destroys, asks about what reaches out, and has npm run no scripts of others.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(0, 'utf8');
appendFileSync(join(process.env.CLAUDE_PROJECT_DIR, 'events.log'), text);
const { command } = JSON.parse(text).tool_input;

const answer = (fields) =>
  console.log(JSON.stringify({ hookSpecificOutput: { hookEventName: 'PreToolUse', ...fields } }));

if (/\brm\s+-rf\b/.test(command))
  answer({ permissionDecision: 'deny', permissionDecisionReason: 'It would delete more than it should.' });
else if (/\bcurl\b/.test(command))
  answer({ permissionDecision: 'ask', permissionDecisionReason: 'It reaches out of this machine.' });
else if (command.startsWith('npm install'))
  answer({ permissionDecision: 'allow', updatedInput: { command: `echo ${command} --ignore-scripts` } });
else if (command === 'shutdown') console.log(JSON.stringify({ continue: false, stopReason: 'This machine stays up.' }));
else if (command === 'whoami') answer({ additionalContext: 'You are nobody in particular.' });
