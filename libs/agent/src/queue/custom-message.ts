import type { AgentMessage } from '@earendil-works/pi-agent-core';
// For the declaration that adds pi's custom messages to AgentMessage.
import type {} from '@earendil-works/pi-coding-agent';

/** pi's message of an extension: kept in the file with `details`, given to the model as a user's message. */
export type CustomMessage = Extract<AgentMessage, { role: 'custom' }>;
