import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CheckPort, ProblemCode } from '@pizzapi/protocol';
import type { Logger } from '../../logging/logger.js';
import { answering, RequestRefusedError } from '../../relay-link/answering.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { InjectLogger } from '../settings/settings.module.js';
import { PortRules } from './port-rules.js';

/** Tells the relay, before it exposes a port, whether it may. */
@Injectable()
export class PortsGateway implements OnModuleInit {
  constructor(
    @InjectLogger() private readonly logger: Logger,
    private readonly relay: RelayConnection,
    private readonly rules: PortRules,
  ) {}

  onModuleInit(): void {
    const check = answering('runner:check-port', CheckPort, this.logger, async ({ port }) => {
      const refusal = await this.rules.refusal(port);
      if (refusal !== null) throw new RequestRefusedError(ProblemCode.portRefused, refusal);
      return {};
    });
    this.relay.socket?.on('runner:check-port', check);
  }
}
