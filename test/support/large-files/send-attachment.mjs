// Attaches the file of the first argument to a mail, sends it, and prints by
// how many bytes the memory of this process grew at most meanwhile.
import { createReadStream } from 'node:fs';
import { createTransport } from 'nodemailer';
import { SendGridTransport } from 'nestjs-sendgrid-smtp';
import { measured } from './measured.mjs';

const [path, options] = process.argv.slice(2);
const transport = new SendGridTransport(JSON.parse(options));
const mailer = createTransport(transport, {
  from: 'a@shop.example',
  to: 'b@shop.example',
});

const attached = (open) => ({
  subject: 'A file',
  text: 'See the attachment',
  attachments: [{ filename: 'file.bin', content: open() }],
});

// A small part of it first, for connection, code and a heap at work.
const start = () => createReadStream(path, { end: 3_999_999 });
await mailer.sendMail(attached(start));
await measured(() => mailer.sendMail(attached(() => createReadStream(path))));
await transport.close();
