import { describe, expect, it } from 'vitest';

import { refusalOf } from '../../message/refusal.js';
import { decodedMessage, encode } from './jobs.js';

describe('the size of a stored message', () => {
  it('is bounded by its JSON, to the byte', async () => {
    // {"message":{"text":""}}
    const text = 'x'.repeat(100 - 23);

    expect(decodedMessage(encode({ text }, { maxBytes: 100 })).text).toBe(text);
    const error = await refusalOf(() => encode({ text }, { maxBytes: 99 }));
    expect(error.message).toMatch(/takes 100 bytes.*`maxBytes` allows \(99\)/);
    expect(error.message).toMatch(/Link to large files.*raise/);
  });

  it('counts bytes, not characters', async () => {
    const text = 'я'.repeat(40);

    const error = await refusalOf(() => encode({ text }, { maxBytes: 100 }));

    expect(error.message).toContain('takes 103 bytes');
  });

  it('is found too large before it is a text that Node.js cannot hold', async () => {
    const content = Buffer.alloc(300 * 1024 * 1024);
    const attachments = [{ content }, { content }];

    const error = await refusalOf(() => encode({ attachments }));

    expect(error.message).toContain('takes 838860800 bytes');
  });
});
