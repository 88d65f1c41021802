import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RunnerIdParam } from '../../platform/http/id-param.js';
import { cutOut, WholeListQueryDto } from '../../platform/http/whole-list.js';
import { type Caller, CurrentCaller } from '../auth/index.js';
import { AskRunner, RunnerAccess, RunnerViews } from '../runners/index.js';
import { ReadServiceLog } from './read-service-log.js';
import {
  ServiceCommandAnswerDto,
  ServiceCommandPathDto,
  ServiceListDto,
  ServiceLogDto,
  ServiceLogQueryDto,
  ServicePathDto,
} from './services.dto.js';

/** Services of a runner. The list comes from the relay's database, everything else from the runner itself. */
@ApiTags('services')
@Controller('runners/:runnerId/services')
export class ServicesController {
  constructor(
    private readonly access: RunnerAccess,
    private readonly views: RunnerViews,
    private readonly askRunner: AskRunner,
    private readonly readServiceLog: ReadServiceLog,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listServices', summary: 'Services of a runner; all are `stopped` while it is offline' })
  @ApiOkResponse({ type: ServiceListDto })
  async list(
    @RunnerIdParam() runnerId: string,
    @Query() query: WholeListQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<ServiceListDto> {
    const { services } = await this.views.of(await this.access.require(runnerId, caller));
    const { page, ...next } = cutOut(services, query, ({ id }) => id);
    return { services: page, ...next };
  }

  @Get(':serviceId/logs')
  @ApiOperation({
    operationId: 'readServiceLog',
    summary: "The end of a service's log; further pages go back in time",
  })
  @ApiOkResponse({ type: ServiceLogDto })
  async logs(
    @Param() service: ServicePathDto,
    @Query() query: ServiceLogQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<ServiceLogDto> {
    await this.access.require(service.runnerId, caller);
    return this.readServiceLog.run(service, query);
  }

  @Post(':serviceId/:command')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'commandService',
    summary: 'Enable, disable or restart a service; the outcome shows in its state',
  })
  @ApiAcceptedResponse({ type: ServiceCommandAnswerDto })
  async command(
    @Param() { runnerId, serviceId, command }: ServiceCommandPathDto,
    @CurrentCaller() caller: Caller,
  ): Promise<ServiceCommandAnswerDto> {
    await this.access.require(runnerId, caller);
    await this.askRunner.commandService(runnerId, serviceId, command);
    return { ok: true };
  }
}
