import { Body, Controller, Get, Headers, Put } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { forbidden } from '../../../platform/http/problem.error.js';
import { type Caller, CurrentCaller, Role } from '../../auth/index.js';
import { AgentPolicies } from './agent-policies.js';
import { AgentPolicyDto, AgentPolicyViewDto } from './agent-policy.dto.js';

/** What holds for all agents of an organisation: everybody in it may read it, owners and admins give it. */
@ApiTags('organisation')
@Controller('agent-policy')
export class AgentPolicyController {
  constructor(private readonly policies: AgentPolicies) {}

  @Get()
  @ApiOperation({ operationId: 'getAgentPolicy', summary: "What the caller's organisation says of all its agents" })
  @ApiOkResponse({ type: AgentPolicyViewDto })
  async show(@CurrentCaller() { organisationId }: Caller): Promise<AgentPolicyViewDto> {
    return this.view(organisationId);
  }

  @Put()
  @ApiOperation({
    operationId: 'replaceAgentPolicy',
    summary: 'Replace it whole; sessions that run follow it at once',
  })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description:
      'The `updatedAt` that was seen, in quotation marks, or `"none"`: refused with 412 if another has changed it since',
  })
  @ApiOkResponse({ type: AgentPolicyViewDto })
  async replace(
    @Body() policy: AgentPolicyDto,
    @Headers('if-match') seen: string | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<AgentPolicyViewDto> {
    const { role, organisationId, userId, name } = caller;
    if (role !== Role.owner && role !== Role.admin)
      throw forbidden('Only owners and admins of the organisation change what holds for its agents; ask one of them.');
    await this.policies.replace(organisationId, policy, { by: { userId, name }, seen });
    return this.view(organisationId);
  }

  private async view(organisationId: string): Promise<AgentPolicyViewDto> {
    const found = await this.policies.find(organisationId);
    if (!found) return { policy: {}, updatedAt: null, updatedBy: null };
    const { policy, updatedAt, updatedBy } = found;
    return { policy, updatedAt: updatedAt.toISOString(), updatedBy };
  }
}
