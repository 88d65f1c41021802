import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionIdParam } from '../../../platform/http/id-param.js';
import { OperationId } from '../../../platform/http/operation-id.js';
import { PlacedPageQueryDto } from '../../../platform/http/page-query.dto.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { SessionAccess } from '../session-access.js';
import { EditInputDto, InputAcceptedDto, QueuedInputsDto, SendInputDto } from './inputs.dto.js';
import { decodeCursor } from './inputs-cursor.js';
import { QueuedInputs } from './queued-inputs.js';
import { SendInput } from './send-input.js';

@ApiTags('sessions')
@Controller('sessions/:sessionId')
export class InputsController {
  constructor(
    private readonly access: SessionAccess,
    private readonly sendInput: SendInput,
    private readonly queued: QueuedInputs,
  ) {}

  @Post('input')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'sendInput',
    summary: 'Send an input to the agent',
  })
  @ApiAcceptedResponse({ type: InputAcceptedDto })
  async send(
    @SessionIdParam() sessionId: string,
    @Body() { text, deliverAs, attachments }: SendInputDto,
    @CurrentCaller() caller: Caller,
    @OperationId() operationId: string,
  ): Promise<InputAcceptedDto> {
    const session = await this.access.require(sessionId, caller);
    return { inputId: await this.sendInput.run(caller, session, operationId, { text, deliverAs, attachments }) };
  }

  @Get('inputs')
  @ApiOperation({ operationId: 'listInputs', summary: 'Inputs that have not reached the agent yet' })
  @ApiOkResponse({ type: QueuedInputsDto })
  async list(
    @SessionIdParam() sessionId: string,
    @Query() { limit, cursor }: PlacedPageQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<QueuedInputsDto> {
    const session = await this.access.require(sessionId, caller);
    return this.queued.page(session, limit, cursor === undefined ? undefined : decodeCursor(sessionId, cursor));
  }

  @Patch('inputs/:inputId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'editInput', summary: 'Change an input that has not reached the agent yet' })
  @ApiNoContentResponse()
  async edit(
    @SessionIdParam() sessionId: string,
    @Param('inputId') inputId: string,
    @Body() { text }: EditInputDto,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.queued.edit(await this.access.require(sessionId, caller), inputId, text);
  }

  @Delete('inputs/:inputId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeInput', summary: 'Withdraw an input that has not reached the agent yet' })
  @ApiNoContentResponse()
  async remove(
    @SessionIdParam() sessionId: string,
    @Param('inputId') inputId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.queued.remove(await this.access.require(sessionId, caller), inputId);
  }
}
