import { AgentError, listModels } from '@pizzapi/agent';

/** Prints `{models}` or `{problem}` as the last line: whatever pi prints before does no harm. */
process.stdout.write(`\n${JSON.stringify(await answer(process.argv[2] ?? ''))}\n`);

async function answer(agentDir: string): Promise<object> {
  try {
    return { models: await listModels({ agentDir }) };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { problem: { code: error.code, detail: error.message } };
  }
}
