import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer, ChatRequest } from '@pizzapi/testing';

const TASTER = '---\nname: taster\ndescription: Tastes pizza.\ntools: Read, Bash\n---\n\nTaste like a critic.\n';

/** An agent of the project, which nobody has agreed to yet. */
export async function writeTaster(project: string): Promise<void> {
  await mkdir(join(project, '.pizzapi', 'agents'), { recursive: true });
  await writeFile(join(project, '.pizzapi', 'agents', 'taster.md'), TASTER);
}

/** What the subagents and, in the end, the session's own agent say. */
export async function taste(answer: Answer, { messages }: ChatRequest, served: Promise<void>): Promise<void> {
  const text = JSON.stringify(messages);
  if (!text.includes('Taste like a critic.')) return answer.text('Both slices were tasted.');
  const isFirst = text.includes('first slice');
  if (messages.at(-1)?.role === 'user')
    return answer.toolCall('bash', { command: isFirst ? 'touch crumbs.txt' : 'echo tasting' });
  await answer.text('The crust is ');
  await served;
  await answer.text(isFirst ? 'crisp.' : 'soft.');
}
