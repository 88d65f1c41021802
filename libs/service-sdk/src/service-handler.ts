/** What a service's module exports as its default: a class of this shape. */
export interface ServiceHandler {
  /** The `id` of the service's manifest. */
  readonly id: string;
  /** Called once, when the service starts. What it throws is shown as the service's error, and it is started again after a pause. */
  init(socket: ServiceSocket, context: ServiceContext): void | Promise<void>;
  /** Called before the service's process ends: close servers, timers and connections. It has five seconds. */
  dispose?(): void | Promise<void>;
}

/** What a service's `init` is given beside the socket. */
export interface ServiceContext {
  /**
   * Shows the service's panel.
   *
   * @param port where the panel's server listens on this machine; the last one announced counts
   * @throws TypeError when it is not a port
   */
  announcePanel(port: number): void;
}

/** The service's connection to its runner. */
export interface ServiceSocket {
  /** `subscriptions`: everything that is wanted of this service, told after `init` and whenever it changes. */
  on(event: 'subscriptions', listener: (subscriptions: WantedSubscription[]) => void): this;
  once(event: 'subscriptions', listener: (subscriptions: WantedSubscription[]) => void): this;
  off(event: 'subscriptions', listener: (subscriptions: WantedSubscription[]) => void): this;
  /** There for services that expect it. @returns whether the runner has a use for the message, which is false so far */
  emit(event: string, ...args: unknown[]): boolean;
}

/** A value of a param. */
export type ParamValue = string | number | boolean;

/** A subscription of a session, or a listener, to a trigger of this service; by `params` it says what the service is to look at. */
export interface WantedSubscription {
  /** Null for a listener. */
  subscriptionId: string | null;
  /** Null for a subscription. */
  listenerId: string | null;
  /** The trigger's type. */
  type: string;
  params: Record<string, ParamValue | ParamValue[]> | null;
}
