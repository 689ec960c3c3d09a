import { describe, expect, it } from 'vitest';

import {
  ConnectionError,
  type ConnectionStage,
} from '../../../lib/smtp/connection-error.js';

describe('ConnectionError', () => {
  it('keeps its stage, reply and cause', () => {
    const cause = new Error('ECONNREFUSED');
    const reply = { code: 421, text: 'too many\nconnections' };
    const error = new ConnectionError('greeting', 'Refused', { reply, cause });

    expect(error).toMatchObject({
      name: 'ConnectionError',
      stage: 'greeting',
      message: 'Refused: 421 too many connections',
      reply,
      cause,
    });
    expect(error).toBeInstanceOf(Error);
  });

  it('has the plain message without a reply', () => {
    const error = new ConnectionError('connect', 'Refused');

    expect(error.message).toBe('Refused');
    expect(error.reply).toBeUndefined();
  });

  it.each<[ConnectionStage, number, boolean]>([
    ['auth', 535, true],
    ['auth', 534, true],
    ['auth', 538, true],
    ['auth', 451, false],
    ['auth', 454, false],
    ['auth', 421, false],
    ['auth', 503, false],
    ['greeting', 535, false],
    ['session', 535, false],
  ])('at %s with %d says the key was refused: %s', (stage, code, refused) => {
    const reply = { code, text: 'Authentication failed' };
    const error = new ConnectionError(stage, 'Refused', { reply });

    expect(error.credentialsRefused).toBe(refused);
  });

  it('says whether the relay stayed silent', () => {
    const silent = new ConnectionError('session', 'Late', {
      nature: 'silence',
    });

    expect(silent.nature).toBe('silence');
    expect(new ConnectionError('session', 'Lost').nature).toBe('loss');
  });

  it('does not take a lost connection for a refused key', () => {
    expect(new ConnectionError('auth', 'Lost').credentialsRefused).toBe(false);
  });
});
