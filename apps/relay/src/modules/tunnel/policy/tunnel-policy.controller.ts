import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { forbidden } from '../../../platform/http/problem.error.js';
import { type Caller, CurrentCaller, Role } from '../../auth/index.js';
import { TunnelPolicies } from './tunnel-policies.js';
import { TunnelPolicyDto, TunnelPolicyViewDto } from './tunnel-policy.dto.js';

/** The policy for which roles may open which ports. All members may read it, owners and admins may replace it. */
@ApiTags('organisation')
@Controller('tunnel-policy')
export class TunnelPolicyController {
  constructor(private readonly policies: TunnelPolicies) {}

  @Get()
  @ApiOperation({ operationId: 'getTunnelPolicy', summary: "The tunnel policy of the caller's organisation, by role" })
  @ApiOkResponse({ type: TunnelPolicyViewDto })
  async show(@CurrentCaller() { organisationId }: Caller): Promise<TunnelPolicyViewDto> {
    return this.view(organisationId);
  }

  @Put()
  @ApiOperation({
    operationId: 'replaceTunnelPolicy',
    summary: 'Replace the policy; running requests and connections that it no longer allows are ended',
  })
  @ApiOkResponse({ type: TunnelPolicyViewDto })
  async replace(
    @Body() policy: TunnelPolicyDto,
    @CurrentCaller() { role, organisationId, userId, name }: Caller,
  ): Promise<TunnelPolicyViewDto> {
    if (role !== Role.owner && role !== Role.admin)
      throw forbidden('Only owners and admins of the organisation say who may open which ports; ask one of them.');
    await this.policies.replace(organisationId, policy, { userId, name });
    return this.view(organisationId);
  }

  private async view(organisationId: string): Promise<TunnelPolicyViewDto> {
    const found = await this.policies.find(organisationId);
    if (!found) return { policy: {}, updatedAt: null, updatedBy: null };
    const { policy, updatedAt, updatedBy } = found;
    return { policy, updatedAt: updatedAt.toISOString(), updatedBy };
  }
}
