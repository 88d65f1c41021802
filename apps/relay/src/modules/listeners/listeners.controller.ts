import { Body, Controller, Delete, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { ListenerView } from '@pizzapi/protocol';
import type { Response } from 'express';
import { RunnerIdParam } from '../../platform/http/id-param.js';
import { OperationId } from '../../platform/http/operation-id.js';
import { pageOf } from '../../platform/http/page-query.dto.js';
import { notFound } from '../../platform/http/problem.error.js';
import { type Caller, CurrentCaller } from '../auth/index.js';
import { RunnerAccess, type RunnerEntity } from '../runners/index.js';
import { EditListeners } from './edit-listeners.js';
import { listenerTarget } from './listener-target.js';
import { listenerView } from './listener-view.js';
import { ListenerRepository, type ListenerTarget } from './listener.repository.js';
import {
  CreateListenerDto,
  ListenerDto,
  ListenerListDto,
  RemovedListenersDto,
  ReplaceListenerDto,
  UpdatedListenersDto,
  ListenerPageDto,
} from './listeners.dto.js';

const TARGET = {
  name: 'target',
  description: 'A `listenerId`; or a URL-encoded trigger type for all listeners of that type (legacy)',
};

@ApiTags('listeners')
@ApiExtraModels(ListenerDto, UpdatedListenersDto)
@Controller('runners/:runnerId/trigger-listeners')
export class ListenersController {
  constructor(
    private readonly runners: RunnerAccess,
    private readonly listeners: ListenerRepository,
    private readonly edit: EditListeners,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listListeners', summary: "The runner's trigger listeners" })
  @ApiOkResponse({ type: ListenerListDto })
  async list(
    @RunnerIdParam() runnerId: string,
    @Query() { limit, cursor }: ListenerPageDto,
    @CurrentCaller() caller: Caller,
  ): Promise<ListenerListDto> {
    await this.runners.require(runnerId, caller);
    const rows = await this.listeners.page(runnerId, cursor ?? null, limit + 1);
    const { page, ...next } = pageOf(rows, limit, ({ listenerId }) => listenerId);
    return { listeners: page.map(listenerView), ...next };
  }

  @Post()
  @ApiOperation({
    operationId: 'createListener',
    summary: 'Add a listener, which starts a new session for each matching trigger',
  })
  @ApiCreatedResponse({ type: ListenerDto })
  async create(
    @RunnerIdParam() runnerId: string,
    @Body() { triggerType, ...options }: CreateListenerDto,
    @CurrentCaller() caller: Caller,
    @OperationId() operationId: string,
  ): Promise<ListenerDto> {
    const runner = await this.runners.require(runnerId, caller);
    return listenerView(await this.edit.create(caller, runner, operationId, triggerType, options));
  }

  @Get(':listenerId')
  @ApiOperation({ operationId: 'getListener', summary: 'A trigger listener' })
  @ApiOkResponse({ type: ListenerDto })
  async get(
    @RunnerIdParam() runnerId: string,
    @Param('listenerId') listenerId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<ListenerDto> {
    return this.view(await this.runners.require(runnerId, caller), { listenerId });
  }

  @Put(':target')
  @ApiOperation({
    operationId: 'replaceListener',
    summary: 'Replace a listener; omitted fields get their defaults',
  })
  @ApiParam(TARGET)
  @ApiOkResponse({ schema: { oneOf: [ListenerDto, UpdatedListenersDto].map((dto) => ({ $ref: getSchemaPath(dto) })) } })
  async replace(
    @RunnerIdParam() runnerId: string,
    @Param('target') text: string,
    @Body() { triggerType, ...options }: ReplaceListenerDto,
    @CurrentCaller() caller: Caller,
  ): Promise<ListenerDto | UpdatedListenersDto> {
    const runner = await this.runners.require(runnerId, caller);
    const target = listenerTarget(text);
    const updated = await this.edit.replace(runner, target, triggerType, options);
    return 'listenerId' in target ? this.view(runner, target) : { updated };
  }

  @Delete(':target')
  @ApiOperation({
    operationId: 'removeListener',
    summary: 'Remove a listener; its sessions stay, and triggers accepted before still start theirs',
  })
  @ApiParam(TARGET)
  @ApiNoContentResponse({ description: 'For a `listenerId`' })
  @ApiOkResponse({ type: RemovedListenersDto, description: 'For a trigger type' })
  async remove(
    @RunnerIdParam() runnerId: string,
    @Param('target') text: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RemovedListenersDto | undefined> {
    await this.runners.require(runnerId, caller);
    const target = listenerTarget(text);
    const removed = await this.edit.remove(runnerId, target);
    if (!('listenerId' in target)) return { removed };
    response.status(204);
    return undefined;
  }

  private async view({ runnerId }: RunnerEntity, target: ListenerTarget): Promise<ListenerView> {
    const [listener] = await this.listeners.findAll(runnerId, target);
    if (!listener) throw notFound('listener');
    return listenerView(listener);
  }
}
