import { Readable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import type { MailMessage } from '../../../lib/message/mail-message.js';
import { mergeDefaults } from '../../../lib/message/merge-defaults.js';
import { compose, plain } from './compose.js';
import { refusalOf } from './refusal.js';

describe('mergeDefaults', () => {
  it('takes each field from the message, else from the defaults', () => {
    const logo = Buffer.from('logo');
    const photo = Buffer.from('photo');

    const merged = mergeDefaults(
      {
        from: 'a@x.example',
        replyTo: 'r@x.example',
        attachments: [{ content: logo }],
      },
      {
        from: { email: 'b@x.example' },
        attachments: [{ content: photo }],
        html: logo,
      },
    );

    expect(merged).toEqual({
      from: { email: 'b@x.example' },
      replyTo: 'r@x.example',
      attachments: [{ content: photo }],
      html: logo,
    });
    expect(merged.html).toBe(logo);
  });

  it('reads undefined as absent and null as removal', () => {
    const defaults = {
      from: 'a@x.example',
      replyTo: 'r@x.example',
      subject: 'Hi',
    };

    const merged = mergeDefaults(defaults, {
      from: undefined,
      replyTo: null,
      text: null,
    });

    expect(merged).toEqual({ from: 'a@x.example', subject: 'Hi' });
    expect(Object.keys(merged)).not.toContain('text');
  });

  it('merges `sendgrid` field by field, one level deep', () => {
    const merged = mergeDefaults(
      {
        sendgrid: {
          categories: ['default', 'other'],
          customArgs: { app: 'shop' },
          trackingSettings: { clickTracking: { enable: false } },
          batchId: 'default',
          ipPoolName: 'default',
        },
      },
      {
        sendgrid: {
          categories: ['own'],
          customArgs: { order: 7 },
          trackingSettings: { openTracking: { enable: false } },
          batchId: null,
          ipPoolName: undefined,
        },
      },
    );

    expect(merged).toEqual({
      sendgrid: {
        categories: ['own'],
        customArgs: { order: 7 },
        trackingSettings: { openTracking: { enable: false } },
        ipPoolName: 'default',
      },
    });
  });

  it.each<[string, MailMessage, MailMessage, unknown]>([
    ['removes it with null', { sendgrid: {} }, { sendgrid: null }, undefined],
    [
      'keeps that of the defaults',
      { sendgrid: { categories: 'a' } },
      {},
      { categories: 'a' },
    ],
    [
      'takes that of the message',
      {},
      { sendgrid: { categories: 'a', asm: null } },
      { categories: 'a' },
    ],
    [
      'leaves what is none to be refused',
      { sendgrid: { categories: 'a' } },
      // @ts-expect-error -- untyped callers may give anything
      { sendgrid: 'receipts' },
      'receipts',
    ],
  ])('%s as `sendgrid`', (_label, defaults, message, expected) => {
    expect(Reflect.get(mergeDefaults(defaults, message), 'sendgrid')).toEqual(
      expected,
    );
  });

  it('merges headers by name, without regard to case', () => {
    const merged = mergeDefaults(
      {
        headers: { 'X-A': 'default', 'X-B': 'default', 'X-C': 'c', 'X-D': 'd' },
      },
      {
        headers: {
          'x-a': 'own',
          ' X-b:': ['1', '2'],
          'X-C': undefined,
          'x-d': null,
        },
      },
    );

    expect(merged.headers).toEqual({
      'X-C': 'c',
      'x-a': 'own',
      ' X-b:': ['1', '2'],
    });
  });

  it.each<[string, MailMessage['headers'], MailMessage['headers'], unknown]>([
    [
      'a list and an object',
      [
        { key: 'X-A', value: '1' },
        { key: 'X-A', value: '2' },
      ],
      { 'X-B': 'b' },
      [
        { key: 'X-A', value: '1' },
        { key: 'X-A', value: '2' },
        { key: 'X-B', value: 'b' },
      ],
    ],
    [
      'an object and a list',
      { 'X-A': '1', 'X-B': 'b' },
      [
        { key: 'x-a', value: '2' },
        { key: 'x-a', value: '3' },
      ],
      [
        { key: 'X-B', value: 'b' },
        { key: 'x-a', value: '2' },
        { key: 'x-a', value: '3' },
      ],
    ],
    [
      'a single header and an object',
      { key: 'X-A', value: '1' },
      { 'X-B': 'b' },
      { 'X-A': '1', 'X-B': 'b' },
    ],
    ['nothing and an object', undefined, { 'X-B': 'b' }, { 'X-B': 'b' }],
    ['an object and nothing', { 'X-A': 'a' }, undefined, { 'X-A': 'a' }],
    ['an object and null', { 'X-A': 'a' }, null, undefined],
  ])('merges the headers of %s', (_label, defaults, own, expected) => {
    const merged = mergeDefaults({ headers: defaults }, { headers: own });

    expect(merged.headers).toEqual(expected);
  });

  it('changes neither argument', () => {
    const defaults = Object.freeze({
      from: 'a@x.example',
      headers: Object.freeze({ 'X-A': 'a' }),
    });
    const message = Object.freeze({
      to: 'b@x.example',
      headers: Object.freeze({ 'X-B': 'b' }),
    });

    const merged = mergeDefaults(defaults, message);

    expect(merged.headers).not.toBe(message.headers);
    expect(merged.headers).toEqual({ 'X-A': 'a', 'X-B': 'b' });
  });

  it('takes no prototype from the data', () => {
    const evil = JSON.parse(
      '{"__proto__": {"normalizeHeaderKey": 1}, "headers": {"__proto__": {"a": 1}}}',
    );

    const merged = mergeDefaults(evil, evil);

    expect(Reflect.get(merged, 'normalizeHeaderKey')).toBeUndefined();
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(merged.headers).toEqual({});
  });

  it.each([undefined, null, 'text', ['list']])(
    'refuses %j in the place of a message',
    async (message) => {
      const error = await refusalOf(() =>
        mergeDefaults({}, message as unknown as MailMessage),
      );

      expect(error.message).toContain('must be an object');
    },
  );

  it('refuses a function as html with attachDataUrls', async () => {
    const open = (): Readable => Readable.from(['<p>']);

    for (const html of [open, { content: open }]) {
      const error = await refusalOf(() =>
        mergeDefaults({ attachDataUrls: true }, { html }),
      );

      expect(error.message).toContain('attachDataUrls');
    }
  });

  it('keeps images of attachDataUrls out of the caller’s list', async () => {
    const attachments = [{ content: 'a' }];
    const html = '<img src="data:image/png;base64,aGk=">';

    const tree = await compose(
      plain({ attachDataUrls: true, html, attachments }),
    );

    expect(attachments).toHaveLength(1);
    expect((await tree.build()).toString()).toContain('cid:');
  });

  it('refuses headers in a form that nodemailer does not know', async () => {
    const headers = ['X-A: a'] as unknown as MailMessage['headers'];

    const error = await refusalOf(() => mergeDefaults({}, { headers }));

    expect(error.message).toContain('headers[0]');
  });
});
