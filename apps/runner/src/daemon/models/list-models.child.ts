import { listModels } from '@pizzapi/agent';

/** Prints `{models}` as the last line: whatever pi prints before does no harm. */
const models = await listModels({ agentDir: process.argv[2] ?? '' });
process.stdout.write(`\n${JSON.stringify({ models })}\n`);
