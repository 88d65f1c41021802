import { describe, expect, it } from 'vitest';
import { UploadSlots } from './upload-slots.js';

describe('concurrent uploads', () => {
  it('are limited for each user and in total', () => {
    const slots = new UploadSlots({ uploadsAtOnce: 3, uploadsAtOncePerUser: 2 });
    const first = slots.take('ada');
    slots.take('ada');
    expect(() => slots.take('ada')).toThrow('PIZZAPI_MAX_UPLOADS_PER_USER');
    slots.take('bob');
    expect(() => slots.take('bob')).toThrow('PIZZAPI_MAX_UPLOADS)');
    first();
    first();
    slots.take('ada');
    expect(() => slots.take('eve')).toThrow('PIZZAPI_MAX_UPLOADS)');
  });
});
