// Takes away spaces at the ends of lines; what should not stay is told to the model.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(0, 'utf8');
const event = JSON.parse(text);
appendFileSync(join(process.env.CLAUDE_PROJECT_DIR, 'events.log'), text);
const path = event.tool_input.file_path;
const content = readFileSync(path, 'utf8').replace(/[ \t]+$/gm, '');
writeFileSync(path, content);
if (content.includes('NOCOMMIT')) {
  console.error(`${path} still says NOCOMMIT.`);
  process.exit(2);
}
console.log(JSON.stringify({ systemMessage: `Formatted ${path}`, suppressOutput: true }));
