import type { MailService } from 'nestjs-sendgrid-smtp';

const LOGO = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="132" height="36"><rect width="36" height="36" rx="9" fill="#0f7b6c"/><path d="M9 24 18 10l9 14z" fill="#fff"/><text x="46" y="25" font-family="sans-serif" font-size="20" font-weight="700" fill="#17302c">Outpost</text></svg>',
);

function page(body: string): string {
  return `<!doctype html><html><body style="margin:0;background:#eef2f1;font:16px/1.5 sans-serif;color:#17302c"><div style="max-width:560px;margin:0 auto;padding:28px 16px"><img src="cid:logo" alt="Outpost" width="132" height="36"><div style="margin-top:20px;padding:28px;background:#fff;border-radius:12px">${body}</div><p style="font-size:13px;color:#6b7f7b">Outpost Ltd, 1 Harbour Street</p></div></body></html>`;
}

const logo = {
  filename: 'logo.svg',
  content: LOGO,
  contentType: 'image/svg+xml',
  cid: 'logo',
};

/** Mail of many kinds, the most telling last. */
export async function sendSamples(mail: MailService): Promise<void> {
  await mail.send({
    to: 'team@outpost.example',
    subject: 'Nightly backup finished',
    text: 'All 14 volumes are stored. It took 12 minutes and 4 seconds.',
    sendgrid: { asm: { groupId: 3 } },
  });
  await mail.send({
    to: 'Grace Hopper <grace@example.com>',
    subject: 'Reset your password',
    text: 'Follow this link within an hour: https://outpost.example/r/4711',
    html: page(
      '<h1 style="margin:0 0 12px;font-size:22px">Reset your password</h1><p>Follow the link within an hour.</p>',
    ),
    attachments: [logo],
  });
  await mail.send({
    to: ['Lin <lin@example.org>', 'sam@example.org', 'kim@example.org'],
    subject: 'Your invoice for October',
    text: 'The invoice is attached. It is paid already.',
    attachments: [
      { filename: 'invoice-2041.pdf', content: Buffer.alloc(48_211, 'x') },
      { filename: 'terms.txt', content: 'Terms' },
    ],
    sendgrid: { categories: ['invoice'], asm: { groupId: 3 } },
  });
  await mail.send({
    to: 'margaret@example.com',
    subject: 'Autumn offers end on Sunday',
    html: '<h1>Autumn offers</h1><img src="https://cdn.example/autumn.jpg" width="400" height="120" alt="Autumn"><p>They end on Sunday.</p>',
    sendgrid: { categories: ['newsletter'] },
  });
  await mail.send({
    to: 'Ada Lovelace <ada@example.com>',
    bcc: 'archive@outpost.example',
    subject: 'Welcome to Outpost, Ada',
    text: 'Hello Ada, your account is ready. Confirm your address to begin: https://outpost.example/confirm',
    html: page(
      '<h1 style="margin:0 0 12px;font-size:24px">Welcome, Ada</h1><p style="margin:0 0 20px">Your account is ready. Confirm your address, and your first parcel can leave today.</p><a href="https://outpost.example/confirm" style="display:inline-block;padding:11px 22px;background:#0f7b6c;color:#fff;border-radius:8px;text-decoration:none;font-weight:600">Confirm my address</a><p style="margin:20px 0 0;color:#6b7f7b">The link works for 24 hours.</p>',
    ),
    attachments: [logo],
    sendgrid: {
      categories: ['welcome', 'onboarding'],
      customArgs: { user_id: '1815' },
      asm: { groupId: 3 },
    },
  });
}
