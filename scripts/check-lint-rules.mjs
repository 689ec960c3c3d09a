// Proves that the layer rules of .oxlintrc.json fire: lints files that break
// them, and one per layer that does not, in a folder of their own.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const REFUSED = {
  'lib/mail.service.ts': [
    './testing/index.js',
    './health/index.js',
    './telemetry/index.js',
    './templates/index.js',
    'handlebars',
    './webhook/index.js',
    './mailbox/index.js',
    './outbox/index.js',
    'bullmq',
    './compat/index.js',
    './doctor/run.js',
    'smtp-server',
    '@opentelemetry/api',
    '@nestjs/terminus',
  ],
  'lib/bulk/a.ts': [
    '../mail.service.js',
    '../testing/index.js',
    '@nestjs/common',
    'selfsigned',
  ],
  'lib/bulk/merge/a.ts': ['../tally.js', '../../transport/a.js'],
  'lib/transport/a.ts': [
    '../mail.service.js',
    '../bulk/a.js',
    '@nestjs/common',
    'selfsigned',
  ],
  'lib/message/a.ts': [
    '../transport/a.js',
    '../delivery/a.js',
    '../pool/a.js',
    '../smtp/connection.js',
    '../index.js',
    '@nestjs/common',
  ],
  'lib/message/x-smtpapi/a.ts': ['../serialize.js', '../../errors/a.js'],
  'lib/message/files/a.ts': ['../serialize.js', '../urls/a.js', 'selfsigned'],
  'lib/message/urls/a.ts': [
    '../serialize.js',
    '../files/a.js',
    '../../smtp/content.js',
    '@nestjs/common',
  ],
  'lib/delivery/a.ts': [
    '../transport/a.js',
    '../message/a.js',
    '../bulk/a.js',
    '../mail.service.js',
    '@nestjs/core',
  ],
  'lib/pool/a.ts': [
    '../delivery/a.js',
    '../message/a.js',
    '../transport/a.js',
    '../testing/index.js',
    '@nestjs/common',
  ],
  'lib/smtp/a.ts': ['../pool/a.js', '../index.js', '@nestjs/common'],
  'lib/options/a.ts': ['../smtp/a.js', '../message/a.js', '@nestjs/common'],
  'lib/events/a.ts': ['../pool/a.js', '@nestjs/common'],
  'lib/compat/a.ts': [
    '../testing/index.js',
    '../health/index.js',
    '@nestjs-modules/mailer',
    'postal-mime',
  ],
  'lib/doctor/a.ts': [
    '../mail.service.js',
    '../transport/a.js',
    '../delivery/delivery.js',
    '../testing/index.js',
    '@nestjs/common',
    'smtp-server',
  ],
  'lib/health/a.ts': [
    '../outbox/index.js',
    '../compat/index.js',
    '../testing/index.js',
    '../telemetry/index.js',
    '../webhook/index.js',
    '@opentelemetry/api',
  ],
  'lib/telemetry/a.ts': [
    '../testing/index.js',
    '../health/index.js',
    '../webhook/index.js',
    '@nestjs/terminus',
    '@opentelemetry/sdk-metrics',
  ],
  'lib/templates/a.ts': [
    '../outbox/index.js',
    '../transport/a.js',
    '@nestjs/common',
    'pug',
  ],
  'lib/templates/find/a.ts': ['../../testing/index.js', '../../pool/a.js'],
  'lib/webhook/a.ts': [
    '../testing/index.js',
    '../health/index.js',
    '../telemetry/index.js',
    '@nestjs/platform-express',
    'fastify',
    '@nestjs/terminus',
  ],
  'lib/mailbox/a.ts': [
    '../testing/index.js',
    '../webhook/index.js',
    'smtp-server',
    '@nestjs/platform-fastify',
  ],
  'lib/mailbox/http/a.ts': ['../../outbox/index.js', 'express'],
  'lib/webhook/http/a.ts': ['../../testing/index.js', 'express'],
  'lib/outbox/a.ts': ['../testing/index.js', '../health/index.js', 'ioredis'],
  'lib/outbox/worker/a.ts': [
    '../../telemetry/index.js',
    'bullmq',
    '@nestjs/common',
  ],
  'lib/errors/a.ts': ['../options/a.js', '../index.js', '@nestjs/common'],
};

const ALLOWED = {
  'lib/index.ts': ['./transport/a.js', './options/a.js', '@nestjs/common'],
  'lib/bulk/b.ts': [
    '../send-options.js',
    '../transport/a.js',
    '../delivery/a.js',
    './a.js',
  ],
  'lib/bulk/merge/b.ts': ['../unit.js', '../../message/a.js', './a.js'],
  'lib/transport/b.ts': ['../message/a.js', '../delivery/a.js', 'nodemailer'],
  'lib/message/b.ts': ['../smtp/content.js', '../errors/a.js', 'nodemailer'],
  'lib/message/x-smtpapi/b.ts': [
    '../invalid-message.js',
    '../../options/nearest-name.js',
    './a.js',
  ],
  'lib/message/files/b.ts': ['../invalid-message.js', '../../errors/a.js'],
  'lib/message/urls/b.ts': ['../../options/a.js', './a.js'],
  'lib/delivery/b.ts': ['../pool/a.js', '../smtp/a.js', '../options/a.js'],
  'lib/pool/b.ts': ['../smtp/a.js', '../options/a.js', './a.js'],
  'lib/smtp/b.ts': ['../errors/a.js', '../options/a.js', 'node:net'],
  'lib/options/b.ts': [
    '../errors/a.js',
    '../message/x-smtpapi/sendgrid-problem.js',
    'class-validator',
  ],
  'lib/compat/b.ts': [
    '../mail.service.js',
    '../options/a.js',
    '@nestjs/common',
  ],
  'lib/doctor/b.ts': [
    '../smtp/a.js',
    '../pool/a.js',
    '../delivery/classify-reply.js',
  ],
  'lib/health/b.ts': [
    '../find-line.js',
    '../transport/a.js',
    '@nestjs/terminus',
  ],
  'lib/telemetry/b.ts': [
    '../find-line.js',
    '../pool/a.js',
    '@opentelemetry/api',
  ],
  'lib/templates/b.ts': ['../options/a.js', '../errors/a.js', 'handlebars'],
  'lib/mailbox/b.ts': ['../instance-tokens.js', '../transport/a.js'],
  'lib/mailbox/mail/b.ts': ['../../message/a.js', 'postal-mime'],
  'lib/webhook/b.ts': [
    '../find-instance.js',
    '../delivery/a.js',
    '@nestjs/core',
  ],
  'lib/outbox/b.ts': ['../find-instance.js', '../options/a.js', '@nestjs/core'],
  'lib/outbox/store/b.ts': ['../options/a.js', 'bullmq'],
  'lib/outbox/worker/b.ts': ['../store/a.js', '../../delivery/a.js'],
  'lib/testing/b.ts': ['../transport/a.js', '@nestjs/testing', 'smtp-server'],
};

const RULE = 'no-restricted-imports';
const scratch = mkdtempSync(join(tmpdir(), 'lint-rules-'));

function write(file, imports) {
  const path = join(scratch, file);
  mkdirSync(dirname(path), { recursive: true });
  const lines = imports.map(
    (from, i) => `export { x as x${i} } from '${from}';`,
  );
  writeFileSync(path, `${lines.join('\n')}\n`);
}

function lint() {
  const bin = resolve('node_modules/oxlint/bin/oxlint');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [bin, '--format', 'json', 'lib'],
    { cwd: scratch, encoding: 'utf8' },
  );
  try {
    return JSON.parse(stdout).diagnostics;
  } catch {
    throw new Error(`oxlint did not answer in JSON:\n${stdout}${stderr}`);
  }
}

try {
  copyFileSync('.oxlintrc.json', join(scratch, '.oxlintrc.json'));
  copyFileSync('tsconfig.json', join(scratch, 'tsconfig.json'));
  symlinkSync(
    resolve('node_modules'),
    join(scratch, 'node_modules'),
    'junction',
  );
  for (const [file, imports] of Object.entries({ ...REFUSED, ...ALLOWED })) {
    write(file, imports);
  }
  const fired = lint()
    .filter(({ code }) => code.includes(RULE))
    .map(({ filename, labels }) => `${filename}:${labels[0].span.line}`);
  const expected = Object.entries(REFUSED).flatMap(([file, imports]) =>
    imports.map((from, index) => ({ at: `${file}:${index + 1}`, from })),
  );
  const missed = expected.filter(({ at }) => !fired.includes(at));
  const wrong = fired.filter((at) => !expected.some((e) => e.at === at));
  for (const { at, from } of missed) {
    console.error(`${RULE} does not refuse '${from}' in ${at}`);
  }
  for (const at of wrong)
    console.error(`${RULE} refuses a good import at ${at}`);
  if (missed.length + wrong.length > 0) process.exitCode = 1;
  else console.log(`The layer rules refuse ${expected.length} wrong imports.`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
