import { Body, Controller, Delete, Get, HttpCode, Patch, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RunnerIdParam } from '../../platform/http/id-param.js';
import { pageOf } from '../../platform/http/page-query.dto.js';
import { cutOut, WholeListQueryDto } from '../../platform/http/whole-list.js';
import { EventBus } from '../../platform/streams/event-bus.js';
import { type Caller, CurrentCaller } from '../auth/index.js';
import { AskRunner } from './connection/ask-runner.js';
import { ListFolders } from './folders/list-folders.js';
import { RemoveRunner } from './remove-runner.js';
import { RunnerAccess } from './runner-access.js';
import { RunnerViews } from './runner-views.js';
import { RunnerRepository } from './runner.repository.js';
import {
  FolderListingDto,
  FolderQueryDto,
  ModelListDto,
  RunnerDto,
  RunnerListDto,
  RunnerListQueryDto,
  UpdateRunnerDto,
} from './runners.dto.js';

@ApiTags('runners')
@Controller('runners')
export class RunnersController {
  constructor(
    private readonly access: RunnerAccess,
    private readonly runners: RunnerRepository,
    private readonly views: RunnerViews,
    private readonly askRunner: AskRunner,
    private readonly listFolders: ListFolders,
    private readonly removeRunner: RemoveRunner,
    private readonly bus: EventBus,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listRunners', summary: "The caller's runners" })
  @ApiOkResponse({ type: RunnerListDto })
  async list(@Query() { limit, cursor }: RunnerListQueryDto, @CurrentCaller() caller: Caller): Promise<RunnerListDto> {
    const found = await this.runners.page(caller.userId, cursor ?? null, limit + 1);
    const { page, ...next } = pageOf(found, limit, ({ runnerId }) => runnerId);
    return { runners: await this.views.ofMany(page), ...next };
  }

  @Get(':runnerId')
  @ApiOperation({ operationId: 'getRunner', summary: 'A runner, with its services, panels and trigger types' })
  @ApiOkResponse({ type: RunnerDto })
  async get(@RunnerIdParam() runnerId: string, @CurrentCaller() caller: Caller): Promise<RunnerDto> {
    return this.views.of(await this.access.require(runnerId, caller));
  }

  @Patch(':runnerId')
  @ApiOperation({ operationId: 'updateRunner', summary: 'Rename a runner' })
  @ApiOkResponse({ type: RunnerDto })
  async update(
    @RunnerIdParam() runnerId: string,
    @Body() { name }: UpdateRunnerDto,
    @CurrentCaller() caller: Caller,
  ): Promise<RunnerDto> {
    const runner = await this.access.require(runnerId, caller);
    await this.runners.rename(runnerId, name);
    await this.bus.publish('runner.changed', { runnerId });
    return this.views.of({ ...runner, givenName: name });
  }

  @Delete(':runnerId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteRunner', summary: 'Remove a runner that is offline and has no open sessions' })
  @ApiNoContentResponse()
  async remove(@RunnerIdParam() runnerId: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.removeRunner.run(await this.access.require(runnerId, caller));
  }

  @Get(':runnerId/models')
  @ApiOperation({ operationId: 'listRunnerModels', summary: 'Models that the runner can currently use' })
  @ApiOkResponse({ type: ModelListDto })
  async models(
    @RunnerIdParam() runnerId: string,
    @Query() query: WholeListQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<ModelListDto> {
    await this.access.require(runnerId, caller);
    const { models } = await this.askRunner.models(runnerId);
    const { page, ...next } = cutOut(models, query, ({ provider, id }) => `${provider}/${id}`);
    return { models: page, ...next };
  }

  @Get(':runnerId/folders')
  @ApiOperation({
    operationId: 'listRunnerFolders',
    summary: 'A folder on the runner and its sub-folders, by name, those that begin with a dot last',
  })
  @ApiOkResponse({ type: FolderListingDto })
  async folders(
    @RunnerIdParam() runnerId: string,
    @Query() query: FolderQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<FolderListingDto> {
    await this.access.require(runnerId, caller);
    return this.listFolders.run(runnerId, query);
  }
}
