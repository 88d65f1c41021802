import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { OperationId } from '../../platform/http/operation-id.js';
import { type Caller, CurrentCaller } from '../auth/index.js';
import {
  DeadLetterCountDto,
  DeadLetterDto,
  DeadLetterFilterDto,
  DeadLetterIdsDto,
  DeadLetterListDto,
  DeadLetterListQueryDto,
  DiscardedManyDto,
  ReplayedDto,
  ReplayedManyDto,
} from './dead-letters.dto.js';
import { ListDeadLetters } from './list-dead-letters.js';
import { type ChangedLetters, ChangeLetters } from './replaying/change-letters.js';
import { DiscardLetters } from './replaying/discard-letters.js';
import { ReplayLetters } from './replaying/replay-letters.js';

@ApiTags('dead letters')
@Controller('dead-letters')
export class DeadLettersController {
  constructor(
    private readonly letters: ListDeadLetters,
    private readonly changeLetters: ChangeLetters,
    private readonly replayLetters: ReplayLetters,
    private readonly discardLetters: DiscardLetters,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listDeadLetters',
    summary: "Triggers and inputs that could not be delivered to the caller's sessions, newest first",
  })
  @ApiOkResponse({ type: DeadLetterListDto })
  list(@Query() query: DeadLetterListQueryDto, @CurrentCaller() caller: Caller): Promise<DeadLetterListDto> {
    return this.letters.run(caller, query);
  }

  @Get('count')
  @ApiOperation({ operationId: 'countDeadLetters', summary: "How many dead letters the caller's sessions have" })
  @ApiOkResponse({ type: DeadLetterCountDto })
  async count(@Query() filter: DeadLetterFilterDto, @CurrentCaller() caller: Caller): Promise<DeadLetterCountDto> {
    return { count: await this.letters.count(caller.userId, filter) };
  }

  @Post('replay')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'replayDeadLetters',
    summary: 'Deliver several again; the response gives a reason for each that cannot be',
  })
  @ApiAcceptedResponse({ type: ReplayedManyDto })
  async replayMany(
    @Body() { ids }: DeadLetterIdsDto,
    @CurrentCaller() caller: Caller,
    @OperationId() operationId: string,
  ): Promise<ReplayedManyDto> {
    const changed = await this.changeLetters.run(caller, ids, this.replayLetters.as(caller, operationId));
    return { replayed: changed.done.length, failed: failedOf(changed) };
  }

  @Post('discard')
  @HttpCode(200)
  @ApiOperation({ operationId: 'discardDeadLetters', summary: 'Discard several' })
  @ApiOkResponse({ type: DiscardedManyDto })
  async discardMany(@Body() { ids }: DeadLetterIdsDto, @CurrentCaller() caller: Caller): Promise<DiscardedManyDto> {
    const changed = await this.changeLetters.run(caller, ids, this.discardLetters.change);
    return { discarded: changed.done.length, failed: failedOf(changed) };
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getDeadLetter', summary: 'A dead letter with its payload' })
  @ApiOkResponse({ type: DeadLetterDto })
  get(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<DeadLetterDto> {
    return this.letters.one(caller, id);
  }

  @Post(':id/replay')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'replayDeadLetter',
    summary: 'Deliver it again, exactly once; a failed session is started again for it',
  })
  @ApiAcceptedResponse({ type: ReplayedDto })
  async replay(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @OperationId() operationId: string,
  ): Promise<ReplayedDto> {
    await this.changeLetters.one(caller, id, this.replayLetters.as(caller, operationId));
    return { deliveryId: id, state: 'waiting' };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'discardDeadLetter', summary: 'Discard a dead letter' })
  @ApiNoContentResponse()
  async discard(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.changeLetters.one(caller, id, this.discardLetters.change);
  }
}

function failedOf({ refused }: ChangedLetters): { id: string; code: string; detail: string }[] {
  return [...refused].map(([id, { code, message }]) => ({ id, code, detail: message }));
}
