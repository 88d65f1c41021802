import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { NotReplayed } from '../../../platform/http/replay-options.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { IssueTicket } from '../tickets/issue-ticket.js';
import { CloseTunnel } from './close-tunnel.js';
import { ListTunnels } from './list-tunnels.js';
import { TunnelAccess } from './tunnel-access.js';
import { TunnelViews } from './tunnel-views.js';
import { IssueTicketDto, TunnelDto, TunnelListDto, TunnelPageDto, TunnelTicketDto } from './tunnels.dto.js';

const Id = (): MethodDecorator =>
  ApiParam({ name: 'tunnelId', description: "A `tunnelId`, or the label in the tunnel's `url`" });

@ApiTags('tunnels')
@Controller('tunnels')
export class TunnelsController {
  constructor(
    private readonly access: TunnelAccess,
    private readonly list: ListTunnels,
    private readonly views: TunnelViews,
    private readonly close: CloseTunnel,
    private readonly issueTicket: IssueTicket,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listTunnels', summary: "The caller's tunnels, newest first" })
  @ApiOkResponse({ type: TunnelListDto })
  all(@Query() query: TunnelPageDto, @CurrentCaller() caller: Caller): Promise<TunnelListDto> {
    return this.list.ofCaller(caller, query);
  }

  @Get(':tunnelId')
  @Id()
  @ApiOperation({ operationId: 'getTunnel', summary: 'A tunnel' })
  @ApiOkResponse({ type: TunnelDto })
  async get(@Param('tunnelId') id: string, @CurrentCaller() caller: Caller): Promise<TunnelDto> {
    return this.views.of(await this.access.require(id, caller));
  }

  @Delete(':tunnelId')
  @HttpCode(204)
  @Id()
  @ApiOperation({ operationId: 'closeTunnel', summary: "Close a session's tunnel and all connections through it" })
  @ApiNoContentResponse()
  async remove(@Param('tunnelId') id: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.close.run(await this.access.require(id, caller));
  }

  @Post(':tunnelId/tickets')
  @Id()
  @NotReplayed()
  @ApiOperation({
    operationId: 'issueTunnelTicket',
    summary: "Issue a ticket with which the caller's browser can open a tunnel",
  })
  @ApiCreatedResponse({ type: TunnelTicketDto })
  async ticket(
    @Param('tunnelId') id: string,
    @Body() { path = '/', form }: IssueTicketDto,
    @CurrentCaller() caller: Caller,
  ): Promise<TunnelTicketDto> {
    return this.issueTicket.run(await this.access.require(id, caller), caller, { path, form });
  }
}
