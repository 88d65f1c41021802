import { RunnerOrder, Uuid } from '@pizzapi/protocol';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** A newer relay may know policies that this runner does not. */
const OrderOfUnknownPolicy = Type.Object({
  cursor: Type.String(),
  order: Type.Literal('spawn'),
  sessionId: Uuid,
  policy: Type.Unknown(),
});
export type OrderOfUnknownPolicy = Static<typeof OrderOfUnknownPolicy>;

const orders = Compile(RunnerOrder);
const withPolicy = Compile(OrderOfUnknownPolicy);

export function isOrder(value: unknown): value is RunnerOrder {
  return orders.Check(value);
}

/** Understood but for the policy that it brings. */
export function isOrderOfUnknownPolicy(value: unknown): value is OrderOfUnknownPolicy {
  return !isOrder(value) && withPolicy.Check(value) && orders.Check({ ...value, policy: {} });
}
