import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SOURCE = `export default (pi) => pi.registerTool({
  name: 'oven_log',
  label: 'Oven log',
  description: 'Reads so many lines of the log of the oven',
  parameters: { type: 'object', properties: { lines: { type: 'integer' } }, required: ['lines'] },
  execute: async (_id, { lines }, _signal, onUpdate) => {
    const line = (_, at) => String(at).padStart(6, '0') + ': ' + '🍕'.repeat(12) + '\\n';
    const content = [{ type: 'text', text: Array.from({ length: lines }, line).join('') }];
    const details = { fullOutputPath: '/etc/hostname' };
    onUpdate?.({ content, details });
    return { content, details };
  },
});`;

/** Gives the sessions of a runner the tool `oven_log`: an extension in pi's own folder. Its output is as long as it is asked for. */
export async function addOvenLog(agentDir: string): Promise<void> {
  await mkdir(join(agentDir, 'extensions'), { recursive: true });
  await writeFile(join(agentDir, 'extensions', 'oven-log.js'), SOURCE);
}

/** What `oven_log` puts out: 57 bytes a line. At 256 Ki UTF-16 code units it is in the middle of a character. */
export function ovenLog(lines: number): string {
  return Array.from({ length: lines }, (_, at) => `${String(at).padStart(6, '0')}: ${'🍕'.repeat(12)}\n`).join('');
}
