/** What a service's `init` is given beside the socket. */
export interface ServiceContext {
  /** Shows the service's panel: `port` is where its server listens on this machine. */
  announcePanel(port: number): void;
}
