// Runs the same application over @nestjs-modules/mailer and over this package:
// nothing but the module that is imported differs. What the relay got and what
// the application was told must be the same.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';

const OURS = "'nestjs-sendgrid-smtp/compat'";
const THEIRS = "'@nestjs-modules/mailer'";

// Without type checks: the original's types do not compile with nodemailer 10.
cpSync('src', 'theirs', { recursive: true });
for (const file of ['app.module.ts', 'adapters.ts']) {
  const source = readFileSync(`src/${file}`, 'utf8');
  assert(source.includes(OURS));
  writeFileSync(`theirs/${file}`, source.replaceAll(OURS, THEIRS));
}
mkdirSync('dist', { recursive: true });
const build = [
  'tsc',
  '--noCheck',
  '--rootDir',
  'theirs',
  '--outDir',
  'dist/theirs',
];
writeFileSync(
  'tsconfig.theirs.json',
  JSON.stringify({ extends: './tsconfig.json', include: ['theirs'] }),
);
execFileSync('npx', [...build, '-p', 'tsconfig.theirs.json'], {
  stdio: 'inherit',
});

function shown({
  envelope,
  from,
  to,
  cc,
  replyTo,
  subject,
  text,
  html,
  headers,
  attachments,
}) {
  const order = headers.find(({ key }) => key === 'x-order')?.value;
  const files = attachments.map(({ filename, content }) => [
    filename,
    Buffer.from(content).toString(),
  ]);
  return { envelope, from, to, cc, replyTo, subject, text, html, order, files };
}

async function outcome(build, engine) {
  const { AppModule, MailSettings, exercise } = await import(
    `./dist/${build}/app.module.js`
  );
  const { TEMPLATES } = await import(`./dist/${build}/adapters.js`);
  const relay = await FakeSendGrid.start();
  const transport = {
    host: relay.host,
    port: relay.port,
    secure: false,
    requireTLS: true,
    tls: { ca: relay.ca },
    auth: { user: 'apikey', pass: relay.options.apiKey },
  };
  const settings = new MailSettings(
    transport,
    { ...transport, pool: true },
    TEMPLATES[engine],
  );
  const app = await NestFactory.createApplicationContext(
    AppModule.with(settings),
    { logger: ['error'] },
  );
  const told = await exercise(app);
  await app.close();
  const { connections } = relay.counters;
  const messages = relay.messages.map(shown);
  await relay.stop();
  return { told, messages, connections };
}

for (const engine of ['handlebars', 'ejs']) {
  const { connections: before, ...theirs } = await outcome('theirs', engine);
  const { connections: after, ...ours } = await outcome('ours', engine);
  assert.equal(ours.messages.length, 6);
  assert.match(ours.messages[1].html, /Bruno/);
  assert.deepEqual(ours, theirs);
  console.log(
    `${engine}: the same 6 messages, over ${before} connections before and ${after} now`,
  );
}
