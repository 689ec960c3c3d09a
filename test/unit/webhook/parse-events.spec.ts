import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSendGridEvent } from '../../../lib/webhook/events/sendgrid-event.js';
import { parseEvents } from '../../../lib/webhook/events/parse-events.js';
import { MULTIPLE } from './vectors.js';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('parseEvents', () => {
  it('reads what SendGrid posts, line ends and all', () => {
    const events = parseEvents(MULTIPLE.body);

    expect(events.map(({ event }) => event)).toEqual(['processed', 'bounce']);
  });

  it('passes on kinds of events that are not documented', () => {
    const [event] = parseEvents(bytes('[{"event":"teleported","speed":9}]'));

    expect(event).toEqual({ event: 'teleported', speed: 9 });
    expect(event && isSendGridEvent(event)).toBe(false);
  });

  it('does not take the names of object properties for events', () => {
    const [event] = parseEvents(bytes('[{"event":"constructor"}]'));

    expect(event && isSendGridEvent(event)).toBe(false);
  });

  it('leaves out what is no event', () => {
    const body = '[null,1,"open",[],{},{"event":1},{"event":"open"}]';

    expect(parseEvents(bytes(body))).toEqual([{ event: 'open' }]);
  });

  it('takes a lone event that is in no list', () => {
    expect(parseEvents(bytes('{"event":"open"}\r\n'))).toHaveLength(1);
  });

  it('throws nothing but SyntaxError, whatever comes', () => {
    const json = fc.json().map(bytes);
    const noise = fc.uint8Array().map((array) => Buffer.from(array));

    fc.assert(
      fc.property(fc.oneof(json, noise), (body) => {
        try {
          const events = parseEvents(body);
          return events.every(({ event }) => typeof event === 'string');
        } catch (error) {
          return error instanceof SyntaxError;
        }
      }),
    );
  });
});
