/** The tool's name, which rules and agents' files know. */
export const SUBAGENT = 'subagent';
