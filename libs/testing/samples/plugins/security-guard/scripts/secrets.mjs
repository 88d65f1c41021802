// Keeps keys out of files.
import { readFileSync } from 'node:fs';

const { content = '', new_string: added = '' } = JSON.parse(readFileSync(0, 'utf8')).tool_input;
if (/AKIA[0-9A-Z]{16}/.test(content + added)) {
  console.error('It holds an access key.');
  process.exit(2);
}
