/** What an agent may do, a sentence each, for a person who is asked about it. */
export function abilitiesOf(tools: readonly string[], model: string): string[] {
  const may = (tool: string): boolean => tools.includes(tool);
  const sentences = [
    may('bash') ? 'Run any command' : '',
    may('write') || may('edit') ? 'Write and change files' : '',
    ['read', 'grep', 'find', 'ls'].some(may) ? 'Read files' : '',
    may('ask_user') ? 'Ask you questions' : '',
    may('subagent') ? 'Start other agents, where this runner lets it' : '',
  ].filter((sentence) => sentence !== '');
  const others = tools.filter((tool) => !KNOWN.has(tool));
  return [
    ...sentences,
    ...(others.length > 0 ? [`Use ${others.join(', ')}`] : []),
    ...(tools.length === 0 ? ['Use no tools'] : []),
    `Spend tokens of ${model}`,
  ];
}

const KNOWN = new Set(['bash', 'powershell', 'write', 'edit', 'read', 'grep', 'find', 'ls', 'subagent', 'ask_user']);
