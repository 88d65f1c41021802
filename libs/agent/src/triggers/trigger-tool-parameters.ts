import { FilterMode, TriggerFilter, TriggerParams, type TriggerCriteria } from '@pizzapi/protocol';
import { isRecord } from '@pizzapi/plugins';
import { Type, type Static } from 'typebox';

const criteria = {
  params: Type.Optional(
    Type.Unsafe<Static<typeof TriggerParams>>({
      ...TriggerParams,
      description:
        'What the service shall look at, e.g. {"repo": "acme/app"}; it is told. Delivered are only triggers whose payload has every one of these values; an array means any of its values; "titleContains" looks for a substring in the field "title".',
    }),
  ),
  filters: Type.Optional(
    Type.Array(TriggerFilter, {
      maxItems: 50,
      description:
        'Conditions on the payload: {field, value, op?}. "field" is a dot-path ("meta.priority"), "value" is compared strictly and may be an array (any of them), "op" is "eq" (default) or "contains" (substring of a string field).',
    }),
  ),
  filterMode: Type.Optional(
    Type.Unsafe<FilterMode>({
      ...FilterMode,
      description: 'How several filters combine: "and" (default, all must match) or "or" (any is enough).',
    }),
  ),
};

const triggerType = Type.String({ minLength: 1, maxLength: 200, description: 'E.g. "my-service:file_changed".' });
const subscriptionId = Type.Optional(
  Type.String({ minLength: 1, maxLength: 200, description: 'The subscription, as subscribe_trigger returned it.' }),
);
const bulkType = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'Legacy, instead of subscriptionId: every subscription of this session to that trigger type.',
  }),
);

export const SubscribeParameters = Type.Object({ type: triggerType, ...criteria });
export const UpdateParameters = Type.Object({ subscriptionId, type: bulkType, ...criteria });
export const UnsubscribeParameters = Type.Object({ subscriptionId, type: bulkType });
export const NoParameters = Type.Object({});

/** The part of a call's parameters that says which triggers are wanted. */
export function criteriaOf({ params, filters, filterMode }: TriggerCriteria): TriggerCriteria {
  return { ...(params && { params }), ...(filters && { filters }), ...(filterMode && { filterMode }) };
}

/** @throws Error when the call names neither or both */
export function targetOf(call: { subscriptionId?: string; type?: string }): string {
  const target = call.subscriptionId ?? call.type;
  if (target === undefined || (call.subscriptionId !== undefined && call.type !== undefined))
    throw new Error('Give either a subscriptionId (see list_trigger_subscriptions) or, for all of a kind, a type.');
  return target;
}

const NO_NULL =
  'null is no value that a filter or a param could have: give a string, a number, true or false, or a list of these. A field that may be missing cannot be asked for.';

/**
 * Looks at a call before pi does, which would make the text "null" of a filter's null: a subscription that never matches.
 * @throws Error
 */
export function withoutNull(call: unknown): unknown {
  const { filters, params } = isRecord(call) ? call : {};
  const values = [
    ...(isRecord(params) ? Object.values(params) : []),
    ...(Array.isArray(filters)
      ? filters.map((filter: unknown) => (isRecord(filter) ? filter['value'] : undefined))
      : []),
  ];
  if (values.flat().includes(null)) throw new Error(NO_NULL);
  return call;
}
