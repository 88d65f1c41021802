import { Body, Controller, Get, Headers, Put } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { forbidden } from '../../../platform/http/problem.error.js';
import { type Caller, CurrentCaller, Role } from '../../auth/index.js';
import { AgentPolicies } from './agent-policies.js';
import { AgentPolicyDto, AgentPolicyViewDto } from './agent-policy.dto.js';

/** The policy for an organisation's agents. All members may read it, owners and admins may replace it. */
@ApiTags('organisation')
@Controller('agent-policy')
export class AgentPolicyController {
  constructor(private readonly policies: AgentPolicies) {}

  @Get()
  @ApiOperation({ operationId: 'getAgentPolicy', summary: "The policy of the caller's organisation for its agents" })
  @ApiOkResponse({ type: AgentPolicyViewDto })
  async show(@CurrentCaller() { organisationId }: Caller): Promise<AgentPolicyViewDto> {
    return this.view(organisationId);
  }

  @Put()
  @ApiOperation({
    operationId: 'replaceAgentPolicy',
    summary: 'Replace the policy; running sessions follow it immediately',
  })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description:
      'The `updatedAt` of the policy that is being replaced, in quotation marks, or `"none"`; if it has changed since, the request is refused with 412',
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
