// Attaches the file of the first argument to a mail, by its path where the
// options allow files, sends it, and prints by how many bytes the memory of
// this process grew at most meanwhile.
import { createReadStream } from 'node:fs';
import { createTransport } from 'nodemailer';
import { SendGridTransport } from 'nestjs-sendgrid-smtp';
import { measured } from './measured.mjs';

const [path, given] = process.argv.slice(2);
const options = JSON.parse(given);
const transport = new SendGridTransport(options);
const mailer = createTransport(transport, {
  from: 'a@shop.example',
  to: 'b@shop.example',
});

const attached = (source) => ({
  subject: 'A file',
  text: 'See the attachment',
  attachments: [{ filename: 'file.bin', ...source }],
});

// A small part of it first, for connection, code and a heap at work.
const start = () => createReadStream(path, { end: 3_999_999 });
await mailer.sendMail(attached({ content: start() }));
const whole = () =>
  options.attachments ? { path } : { content: createReadStream(path) };
await measured(() => mailer.sendMail(attached(whole())));
await transport.close();
