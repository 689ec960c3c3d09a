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

  it('reads what is large as it reads what is small', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constantFrom('},\r\n{', '"},\r\n{"', '[', ']', '\\'),
    );
    const event = fc.record({
      event: text,
      pad: fc.nat({ max: 9000 }).map((length) => 'ü'.repeat(length)),
      more: fc.array(fc.dictionary(text, text), { maxLength: 3 }),
    });
    const lines = fc.array(event, { minLength: 20, maxLength: 60 });

    fc.assert(
      fc.property(lines, fc.boolean(), (events, isNested) => {
        const items = isNested ? [{ event: 'all', events }] : events;
        // Between the events of a list in an event, too.
        const body = JSON.stringify(items).replaceAll('},{', '},\r\n{');

        expect(parseEvents(bytes(`${body}\r\n`))).toEqual(JSON.parse(body));
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['has no end', (list: string) => list.slice(0, -1)],
    ['has two ends', (list: string) => `${list}]`],
    ['has no beginning', (list: string) => list.slice(1)],
    ['has a comma too many', (list: string) => list.replace(']', ',]')],
    ['is two lists', (list: string) => list.replace('},\r\n{', '}],\r\n[{')],
  ])('throws SyntaxError for a large body that %s', (_, spoil) => {
    const event = JSON.stringify({ event: 'open', url: 'x'.repeat(9000) });
    const list = `[${Array.from({ length: 40 }, () => event).join(',\r\n')}]`;

    expect(parseEvents(bytes(list))).toHaveLength(40);
    expect(() => parseEvents(bytes(spoil(list)))).toThrow(SyntaxError);
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
