import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AnswerScript } from '@pizzapi/testing';

/** A plugin's files. */
const GUARD = {
  'plugin.json': JSON.stringify({ name: 'guard', version: '1.0.0', outputStyles: './styles' }),
  'hooks/hooks.json': JSON.stringify({
    hooks: {
      PreToolUse: [{ matcher: 'Bash', hooks: [{ type: 'command', command: "echo 'Knives are sharp.' >&2; exit 2" }] }],
      UserPromptSubmit: [{ hooks: [{ type: 'command', command: `echo '{"systemMessage": "Mind the knife."}'` }] }],
      PostToolUseFailure: [{ hooks: [{ type: 'command', command: 'echo broken >&2; exit 1' }] }],
    },
  }),
  'commands/slice.md': '---\ndescription: Slices\n---\nSlice it: $ARGUMENTS',
};

/** Puts a plugin into a project. */
export async function writeGuard(project: string): Promise<void> {
  for (const [name, content] of Object.entries(GUARD)) {
    const file = join(project, '.claude', 'plugins', 'guard', name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** A model that runs a command in each turn, and then says the next of these. */
export function callsThenSays(command: string, ...words: string[]): AnswerScript {
  return async (answer, { messages }) => {
    if (messages.at(-1)?.role === 'user') await answer.toolCall('bash', { command });
    else await answer.text(words.shift() ?? '');
  };
}
