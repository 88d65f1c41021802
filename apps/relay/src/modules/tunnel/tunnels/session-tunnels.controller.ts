import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionIdParam } from '../../../platform/http/id-param.js';
import { OperationId } from '../../../platform/http/operation-id.js';
import { cutOut, WholeListQueryDto } from '../../../platform/http/whole-list.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { SessionAccess } from '../../sessions/index.js';
import { ListTunnels } from './list-tunnels.js';
import { OpenTunnel } from './open-tunnel.js';
import { TunnelViews } from './tunnel-views.js';
import { OpenTunnelDto, TunnelDto, TunnelListDto } from './tunnels.dto.js';

@ApiTags('tunnels')
@Controller('sessions/:sessionId/tunnels')
export class SessionTunnelsController {
  constructor(
    private readonly sessions: SessionAccess,
    private readonly list: ListTunnels,
    private readonly openTunnel: OpenTunnel,
    private readonly views: TunnelViews,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listSessionTunnels', summary: 'Tunnels of the session and panels of its runner' })
  @ApiOkResponse({ type: TunnelListDto })
  async all(
    @SessionIdParam() sessionId: string,
    @Query() query: WholeListQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<TunnelListDto> {
    const tunnels = await this.list.ofSession(await this.sessions.require(sessionId, caller));
    const { page, ...next } = cutOut(tunnels, query, ({ tunnelId }) => tunnelId);
    return { tunnels: page, ...next };
  }

  @Post()
  @ApiOperation({ operationId: 'openTunnel', summary: 'Expose a port of the runner until the session ends' })
  @ApiCreatedResponse({ type: TunnelDto })
  async open(
    @SessionIdParam() sessionId: string,
    @Body() { port, name }: OpenTunnelDto,
    @OperationId() operationId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<TunnelDto> {
    const session = await this.sessions.require(sessionId, caller);
    return this.views.of(await this.openTunnel.run(session, { operationId, port, name, openedBy: 'person' }));
  }
}
