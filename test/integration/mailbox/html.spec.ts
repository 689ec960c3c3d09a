import { describe, expect, it } from 'vitest';
import { MailboxApp } from '../support/mailbox-app.js';
import { PLATFORMS } from '../support/platforms.js';

const box = new MailboxApp();

describe.each(PLATFORMS)(
  'the html of a message on $platform',
  ({ adapter }) => {
    it('is shown without scripts, requests and a way out', async () => {
      await box.start({ adapter });
      await box.mail.send({
        to: 'a@example.com',
        html: '<script>alert(1)</script><img src="https://t.example/p.gif">',
      });
      const { id, remoteImages } = await box.newest();

      const blocked = await box.ask(`/messages/${id}/html`);
      const asked = await box.ask(`/messages/${id}/html?images=remote`);

      expect(remoteImages).toBe(true);
      expect(blocked.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy':
          "default-src 'none'; img-src data:; style-src 'unsafe-inline'; " +
          "font-src data:; base-uri 'none'; form-action 'none'; " +
          "frame-ancestors 'self'; " +
          'sandbox allow-popups allow-popups-to-escape-sandbox',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-dns-prefetch-control': 'off',
        'x-frame-options': 'SAMEORIGIN',
      });
      expect(asked.headers['content-security-policy']).toContain(
        'img-src data: https: http:;',
      );
      expect(asked.headers['content-security-policy']).toContain('sandbox');
    });

    it('names nothing that a browser connects to ahead', async () => {
      await box.start({ adapter });
      await box.mail.send({
        to: 'a@example.com',
        html: '<LINK rel=preconnect href=//a.example><li<link>nk><link/rel="x"><linked>',
      });
      const { id } = await box.newest();

      const { body } = await box.ask(`/messages/${id}/html`);

      expect(body).not.toMatch(/<link[\s/>]/i);
      expect(body).toContain('<linked>');
    });

    it('holds its embedded images, and opens links elsewhere', async () => {
      await box.start({ adapter });
      const content = Buffer.from('iVBORw0KGgo=', 'base64');
      await box.mail.send({
        to: 'a@example.com',
        html: '<!DOCTYPE html><html><body style="background:url(cid:b%40shop)"><img src="cid:a"><img src=\'cid:none\'></body></html>',
        attachments: [
          { filename: 'a.png', content, cid: 'a' },
          { filename: 'b.png', content, cid: 'b@shop' },
        ],
      });
      const { id, remoteImages } = await box.newest();

      const { body } = await box.ask(`/messages/${id}/html`);

      expect(remoteImages).toBe(false);
      const data = 'data:image/png;base64,iVBORw0KGgo=';
      expect(body).toBe(
        `<!DOCTYPE html><base target="_blank"><html><body style="background:url(${data})"><img src="${data}"><img src='cid:none'></body></html>`,
      );
    });
  },
);
