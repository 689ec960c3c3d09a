import type { MailboxList, MailboxMessage } from 'nestjs-sendgrid-smtp/mailbox';
import { describe, expect, it } from 'vitest';
import { MailboxApp } from '../support/mailbox-app.js';
import { PLATFORMS } from '../support/platforms.js';

const box = new MailboxApp();

const PIXEL = Buffer.from('iVBORw0KGgo=', 'base64');
const WELCOME = {
  to: 'Ada <ada@example.com>',
  bcc: 'log@example.com',
  subject: 'Welcome, Ada é',
  text: 'Hello Ada',
  html: '<p>Hello <img src="cid:logo"></p>',
  attachments: [
    { filename: 'logo.png', content: PIXEL, cid: 'logo' },
    { filename: 'terms.txt', content: 'All of them' },
  ],
  sendgrid: { categories: ['welcome'], asm: { groupId: 7 } },
};

describe.each(PLATFORMS)('the JSON API on $platform', ({ adapter }) => {
  it('serves an end-to-end test: it waits for a message and reads it', async () => {
    await box.start({ adapter });
    const page = `${box.url}/messages`;
    const waiting = fetch(`${page}?to=ada@example.com&waitMs=20000`);

    await box.mail.send({ to: 'eve@example.com', text: 'Not this one' });
    await box.mail.send(WELCOME);
    const { messages, total } = (await (await waiting).json()) as MailboxList;
    const [first] = messages;
    const answer = await fetch(`${page}/${first?.id}`);
    const message = (await answer.json()) as MailboxMessage;

    expect(total).toBe(1);
    expect(message).toMatchObject({
      subject: 'Welcome, Ada é',
      from: 'Shop <hello@shop.example>',
      to: ['ada@example.com', 'log@example.com'],
      recipients: 2,
      envelope: {
        from: 'hello@shop.example',
        to: ['ada@example.com', 'log@example.com'],
      },
      text: 'Hello Ada',
      html: WELCOME.html,
      instance: 'default',
      state: 'captured',
      attachments: 2,
      remoteImages: false,
      smtpApi: { category: ['welcome'], asm_group_id: 7 },
      findings: [],
    });
    expect(message.files).toMatchObject([
      { index: 0, filename: 'logo.png', contentId: 'logo', size: 8 },
      { index: 1, filename: 'terms.txt', contentType: 'text/plain', size: 11 },
    ]);
    expect(message.headers).toContainEqual({
      name: 'Subject',
      value: 'Welcome, Ada é',
    });
    expect(message).not.toHaveProperty('outcome');
  });

  it('gives attachments to be saved and never shown, and the source as text', async () => {
    await box.start({ adapter });
    await box.mail.send({
      ...WELCOME,
      attachments: [
        { filename: 'a "b"\u00fc<i>.html', content: '<script>1</script>' },
      ],
    });
    const { id, messageId } = await box.newest();

    const file = await box.ask(`/messages/${id}/attachments/0`);
    const source = await box.ask(`/messages/${id}/source`);
    const saved = await box.ask(`/messages/${id}/source?save=yes`);

    expect(file.body).toBe('<script>1</script>');
    expect(file.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition':
        'attachment; filename="a _b___i_.html"; filename*=UTF-8\'\'a%20_b_%C3%BC_i_.html',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    expect(source.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(source.body).toContain(`Message-ID: ${messageId}`);
    expect(saved.headers).toMatchObject({
      'content-type': 'message/rfc822',
      'content-disposition': expect.stringContaining('message.eml'),
    });
  });

  it('finds by words and recipients, the newest first, and clears', async () => {
    await box.start({ adapter });
    for (const n of [1, 2, 3]) {
      await box.mail.send({
        to: `user-${n}@example.com`,
        subject: `Number ${n}`,
        html: `<style>p{}</style><p>Order <b>no-${n}</b> has left</p>`,
      });
    }

    const subjects = async (query: string): Promise<string[]> =>
      (await box.list(query)).messages.map(({ subject }) => subject);
    await expect(subjects('')).resolves.toEqual([
      'Number 3',
      'Number 2',
      'Number 1',
    ]);
    await expect(subjects('?search=order+NO-2')).resolves.toEqual(['Number 2']);
    await expect(subjects('?search=USER-3@')).resolves.toEqual(['Number 3']);
    await expect(subjects('?to=USER-1@example.com')).resolves.toEqual([
      'Number 1',
    ]);
    await expect(subjects('?search=nothing')).resolves.toEqual([]);
    await expect(box.list('?limit=1')).resolves.toMatchObject({ total: 3 });

    const cleared = await box.ask('/messages', {
      method: 'DELETE',
      'x-mailbox': 'clear',
    });
    expect(cleared.status).toBe(204);
    await expect(box.list()).resolves.toEqual({ messages: [], total: 0 });
  });

  it('answers 404 for what is not there, and 400 for what makes no sense', async () => {
    await box.start({ adapter });
    await box.mail.send(WELCOME);
    const { id } = await box.newest();

    const statuses = await Promise.all(
      [
        '/messages/no-such-id',
        '/messages/no-such-id/html',
        `/messages/${id}/attachments/9`,
        '/assets/folder.cjs',
        '/assets/..%2Findex.html',
        '/messages?limit=many',
        '/messages?waitMs=999999',
      ].map(async (path) => (await box.ask(path)).status),
    );

    expect(statuses).toEqual([404, 404, 404, 404, 404, 400, 400]);
  });
});

it('keeps the newest messages, by count and by bytes', async () => {
  await box.start({ mailbox: { maxMessages: 2, maxBytes: 1_048_576 } });
  for (const subject of ['one', 'two', 'three']) {
    await box.mail.send({ to: 'a@example.com', subject, text: subject });
  }
  await expect(box.list()).resolves.toMatchObject({
    total: 2,
    messages: [{ subject: 'three' }, { subject: 'two' }],
  });

  await box.mail.send({
    to: 'a@example.com',
    subject: 'large',
    text: 'x'.repeat(2_000_000),
  });
  await expect(box.list()).resolves.toMatchObject({
    total: 1,
    messages: [{ subject: 'large' }],
  });
});

it('waits no longer than it was told to, and not for a closing application', async () => {
  await box.start();

  await expect(box.list('?waitMs=50')).resolves.toMatchObject({ total: 0 });
  const waiting = box.list('?waitMs=30000');
  await box.mail.send({ to: 'a@example.com', text: 'x' });
  await expect(waiting).resolves.toMatchObject({ total: 1 });
  const inVain = box.list('?to=nobody@example.com&waitMs=30000');
  await box.list();
  await box.close();
  await expect(inVain).resolves.toMatchObject({ total: 0 });
});
