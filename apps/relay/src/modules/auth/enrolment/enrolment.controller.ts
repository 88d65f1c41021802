import { isIPv4 } from 'node:net';
import { Body, Controller, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Database } from '../../../platform/database/database.js';
import { OperationId } from '../../../platform/http/operation-id.js';
import { forbidden, unauthenticated } from '../../../platform/http/problem.error.js';
import { Public } from '../../../platform/http/public.js';
import { NotReplayed } from '../../../platform/http/replay-options.js';
import { FirstAccount } from '../accounts/first-account.repository.js';
import { ApiKeyRepository } from '../api-keys/api-key.repository.js';
import { EnrolledRunnerDto, EnrolRunnerDto } from './enrolment.dto.js';
import { EnrolmentSecret } from './enrolment-secret.js';

@ApiTags('runners')
@Controller('runners/enrol')
export class EnrolmentController {
  constructor(
    private readonly secret: EnrolmentSecret,
    private readonly keys: ApiKeyRepository,
    private readonly firstAccount: FirstAccount,
    private readonly database: Database,
  ) {}

  /** The runner belongs to the first account, or to nobody until there is one. */
  @Post()
  @Public()
  // The secret works once, so a repeated request could only be answered with a stored key, and keys are not stored.
  @NotReplayed()
  @ApiOperation({
    operationId: 'enrolRunner',
    summary: "Exchange this machine's one-time secret for a runner's API key",
    security: [],
  })
  @ApiCreatedResponse({ type: EnrolledRunnerDto })
  async enrol(
    @Body() body: EnrolRunnerDto,
    @OperationId() operationId: string,
    @Req() request: Request,
  ): Promise<EnrolledRunnerDto> {
    // The address of the socket itself, as a header could contain any.
    if (!isLoopback(request.socket.remoteAddress))
      throw forbidden("Enrolment works on the relay's own machine only; elsewhere set PIZZAPI_API_KEY.");
    if (!this.secret.use(body.secret))
      throw unauthenticated('This enrolment secret was used or replaced; read the file in the data directory again.');
    const first = await this.firstAccount.find();
    const { key } = await this.database.write((manager) =>
      this.keys.create(manager, {
        operationId,
        name: `Runner ${body.name}`,
        ownerId: first?.userId ?? null,
        organisationId: first?.organisationId ?? null,
        runnerId: body.runnerId,
      }),
    );
    return { apiKey: key };
  }
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}
