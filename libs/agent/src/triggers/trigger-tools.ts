import { defineTool, type ToolDefinition } from '@earendil-works/pi-coding-agent';
import type { AgentTriggerAnswer } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import type { TriggerRequests } from './trigger-requests.js';
import { countOfSubscriptions, describeAvailable, describeSubscriptions } from './trigger-text.js';
import {
  criteriaOf,
  NoParameters,
  SubscribeParameters,
  targetOf,
  UnsubscribeParameters,
  UpdateParameters,
  withoutNull,
} from './trigger-tool-parameters.js';

/** The agent's own tools for triggers. What the port throws becomes a tool error, with its sentence. */
export function triggerTools(triggers: TriggerRequests): ToolDefinition[] {
  return [
    available(triggers),
    refusingNull(subscribe(triggers)),
    refusingNull(update(triggers)),
    unsubscribe(triggers),
    list(triggers),
  ];
}

function refusingNull(tool: ToolDefinition): ToolDefinition {
  return { ...tool, prepareArguments: withoutNull };
}

function available(triggers: TriggerRequests): ToolDefinition {
  return defineTool({
    name: 'list_available_triggers',
    label: 'List available triggers',
    description:
      "List the trigger types that services of this session's runner can fire: events of the outside world, such as a push, a finished build or a schedule. Subscribe to one with subscribe_trigger.",
    promptSnippet: 'List events (triggers) that this session can subscribe to',
    parameters: NoParameters,
    execute: async (_id, _call, signal) =>
      said(describeAvailable((await triggers.request({ request: 'available' }, signal)).available ?? [])),
  });
}

function subscribe(triggers: TriggerRequests): ToolDefinition {
  return defineTool({
    name: 'subscribe_trigger',
    label: 'Subscribe to a trigger',
    description:
      'Subscribe this session to a trigger type. From then on each matching trigger arrives as a message in this conversation, also after the turn has ended: there is no need to wait or poll for it. Returns the subscriptionId, which update_trigger_subscription and unsubscribe_trigger take. A session can have several subscriptions to one type.',
    promptSnippet: 'Get a message whenever a trigger of some type fires',
    parameters: SubscribeParameters,
    execute: async (_id, call, signal) => {
      const answer = await triggers.request(
        { request: 'subscribe', operationId: v7(), triggerType: call.type, criteria: criteriaOf(call) },
        signal,
      );
      return said(withSubscriptions('Subscribed.', answer));
    },
  });
}

function update(triggers: TriggerRequests): ToolDefinition {
  return defineTool({
    name: 'update_trigger_subscription',
    label: 'Update a trigger subscription',
    description:
      'Change params, filters or filterMode of a subscription without unsubscribing. What is left out stays as it is; "filters": [] and "params": {} remove them. Give the subscriptionId; a type instead changes all subscriptions to it (legacy).',
    parameters: UpdateParameters,
    execute: async (_id, call, signal) => {
      const answer = await triggers.request(
        { request: 'update', target: targetOf(call), criteria: criteriaOf(call), merge: true },
        signal,
      );
      return said(withSubscriptions(`Updated ${countOfSubscriptions(answer.updated ?? 0)}.`, answer));
    },
  });
}

function unsubscribe(triggers: TriggerRequests): ToolDefinition {
  return defineTool({
    name: 'unsubscribe_trigger',
    label: 'Unsubscribe from a trigger',
    description:
      'End a subscription. Triggers that were accepted before still arrive. Give the subscriptionId; a type instead ends all subscriptions to it (legacy).',
    parameters: UnsubscribeParameters,
    execute: async (_id, call, signal) => {
      const answer = await triggers.request({ request: 'unsubscribe', target: targetOf(call) }, signal);
      return said(`Removed ${countOfSubscriptions(answer.removed ?? 0)}.`);
    },
  });
}

function list(triggers: TriggerRequests): ToolDefinition {
  return defineTool({
    name: 'list_trigger_subscriptions',
    label: 'List trigger subscriptions',
    description: "List this session's trigger subscriptions: id, type, params and filters.",
    parameters: NoParameters,
    execute: async (_id, _call, signal) =>
      said(describeSubscriptions((await triggers.request({ request: 'list' }, signal)).subscriptions ?? [])),
  });
}

function withSubscriptions(sentence: string, { subscriptions = [] }: AgentTriggerAnswer): string {
  return subscriptions.length === 0 ? sentence : `${sentence}\n${describeSubscriptions(subscriptions)}`;
}

function said(text: string): { content: { type: 'text'; text: string }[]; details: undefined } {
  return { content: [{ type: 'text', text }], details: undefined };
}
