// smtp-server as a program: `node smtp-server.mjs <configuration file>`. Takes
// mail for example.com from whom has signed in over TLS and writes it to
// `<folder>/<local part>/new/<id>`.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

const [path = ''] = process.argv.slice(2);
const { port, apiKey, key, cert, folder } = JSON.parse(
  readFileSync(path, 'utf8'),
);

async function store(stream, { secure, user, envelope }) {
  const body = await buffer(stream);
  const id = randomUUID();
  const protocol = `ESMTP${secure ? 'S' : ''}${user === 'apikey' ? 'A' : ''}`;
  const trace = `Received: by localhost with ${protocol} id ${id};\r\n`;
  const message = Buffer.concat([Buffer.from(trace), body]);
  for (const { address } of envelope.rcptTo) {
    const maildir = join(folder, address.split('@', 1)[0], 'new');
    await mkdir(maildir, { recursive: true });
    await writeFile(join(maildir, id), message);
  }
  return `Message queued as ${id}`;
}

const server = new SMTPServer({
  key,
  cert,
  authMethods: ['PLAIN'],
  hideSMTPUTF8: true,
  onAuth({ username, password }, _session, callback) {
    const known = username === 'apikey' && password === apiKey;
    if (known) callback(null, { user: username });
    else callback(new Error('Invalid credentials'));
  },
  onRcptTo({ address }, _session, callback) {
    const known = address.endsWith('@example.com');
    callback(known ? null : new Error('No such mailbox'));
  },
  onData(stream, session, callback) {
    store(stream, session).then(
      (reply) => callback(null, reply),
      (error) => callback(error),
    );
  },
});
server.on('error', (error) => console.info(String(error)));
server.listen(port, '127.0.0.1');
