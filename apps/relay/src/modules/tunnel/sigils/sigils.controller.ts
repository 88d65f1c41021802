import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiQuery, ApiTags } from '@nestjs/swagger';
import { RunnerIdParam } from '../../../platform/http/id-param.js';
import { invalid } from '../../../platform/http/problem.error.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { type ResolvedSigil, ResolveSigil } from './resolve-sigil.js';

const MAX_PARAMS = 50;

class ResolvedSigilDto implements ResolvedSigil {
  @ApiProperty()
  title!: string;

  @ApiPropertyOptional()
  status?: string;

  @ApiPropertyOptional({ description: 'http or https' })
  url?: string;

  @ApiPropertyOptional({ description: 'Name of a Lucide icon' })
  icon?: string;
}

@ApiTags('runners')
@Controller('runners/:runnerId/sigils')
export class SigilsController {
  constructor(private readonly resolveSigil: ResolveSigil) {}

  @Get(':type/:sigilId')
  @ApiOperation({ operationId: 'resolveSigil', summary: 'Resolve a sigil by the service that declares it' })
  @ApiQuery({
    name: 'params',
    required: false,
    style: 'form',
    explode: true,
    schema: { type: 'object', additionalProperties: { type: 'string' } },
    description: "The sigil's params, one query parameter each",
  })
  @ApiOkResponse({ type: ResolvedSigilDto })
  resolve(
    @RunnerIdParam() runnerId: string,
    @Param('type') type: string,
    @Param('sigilId') id: string,
    @Query() query: Record<string, unknown>,
    @CurrentCaller() caller: Caller,
  ): Promise<ResolvedSigilDto> {
    return this.resolveSigil.run(runnerId, caller, { type, id, params: paramsOf(query) });
  }
}

function paramsOf(query: Record<string, unknown>): Record<string, string> {
  const pairs = Object.entries(query).map(([name, value]): [string, string] => {
    if (typeof value !== 'string') throw invalid(name, 'must be given once');
    return [name, value];
  });
  if (pairs.length > MAX_PARAMS) throw invalid('params', `must be ${MAX_PARAMS} at most`);
  return Object.fromEntries(pairs);
}
