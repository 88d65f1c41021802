import {
  DeliveryState,
  type DeliveryView,
  type TriggerDelivery,
  type TriggerHistoryEntry,
  type TriggerPayload,
} from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { NextCursor } from '../../../platform/http/page-query.dto.js';

const states = Object.values(DeliveryState);
const ways: TriggerDelivery[] = ['steer', 'followUp'];
const jsonObject = { type: 'object', additionalProperties: true } as const;

class TriggerResponseDto {
  @ApiPropertyOptional()
  action?: string;

  @ApiPropertyOptional()
  text?: string;

  @ApiProperty({ format: 'date-time' })
  ts!: string;
}

export class TriggerHistoryEntryDto implements TriggerHistoryEntry {
  @ApiProperty()
  triggerId!: string;

  @ApiProperty()
  deliveryId!: string;

  @ApiProperty()
  type!: string;

  @ApiProperty()
  source!: string;

  @ApiPropertyOptional()
  summary?: string;

  @ApiProperty(jsonObject)
  payload!: TriggerPayload;

  @ApiProperty({ enum: ways, enumName: 'TriggerDelivery' })
  deliverAs!: TriggerDelivery;

  @ApiProperty({ format: 'date-time', description: 'When the session received it' })
  ts!: string;

  @ApiProperty({ enum: ['inbound', 'outbound'] })
  direction!: 'inbound' | 'outbound';

  @ApiPropertyOptional({ format: 'uuid', description: 'The child session that it came from' })
  childSessionId?: string;

  @ApiPropertyOptional({ type: TriggerResponseDto, description: "The agent's response" })
  response?: TriggerResponseDto;
}

export class TriggerHistoryDto {
  @ApiProperty({ type: [TriggerHistoryEntryDto], description: 'Newest first' })
  triggers!: TriggerHistoryEntryDto[];

  @NextCursor()
  nextCursor?: string;
}

export class WaitingTriggerDto extends TriggerHistoryEntryDto {
  @ApiProperty({ enum: ['waiting', 'sent'] })
  state!: 'waiting' | 'sent';

  @ApiProperty({ description: 'How often it was sent to the worker' })
  attempts!: number;
}

export class WaitingTriggersDto {
  @ApiProperty({ type: [WaitingTriggerDto], description: 'In the order of delivery' })
  triggers!: WaitingTriggerDto[];

  @NextCursor()
  nextCursor?: string;
}

class FiredTriggerDto {
  @ApiProperty()
  triggerId!: string;

  @ApiProperty()
  type!: string;

  @ApiProperty(jsonObject)
  payload!: TriggerPayload;

  @ApiProperty()
  source!: string;

  @ApiProperty({ enum: ways, enumName: 'TriggerDelivery' })
  deliverAs!: TriggerDelivery;

  @ApiPropertyOptional()
  summary?: string;

  @ApiProperty({ format: 'date-time' })
  ts!: string;
}

class DeliveryDto implements DeliveryView {
  @ApiProperty()
  deliveryId!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'uuid',
    description: 'For a listener, the session that it starts',
  })
  sessionId!: string | null;

  @ApiProperty({ type: [String] })
  subscriptionIds!: string[];

  @ApiProperty({ type: String, nullable: true })
  listenerId!: string | null;

  @ApiProperty({ enum: states, enumName: 'DeliveryState' })
  state!: DeliveryState;

  @ApiProperty({ description: 'How often it was sent to the worker' })
  attempts!: number;

  @ApiProperty({ format: 'date-time', description: 'Time of its last change' })
  ts!: string;

  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
}

export class TriggerStateDto {
  @ApiProperty({ type: FiredTriggerDto })
  trigger!: FiredTriggerDto;

  @ApiProperty({ type: [DeliveryDto] })
  deliveries!: DeliveryDto[];
}
