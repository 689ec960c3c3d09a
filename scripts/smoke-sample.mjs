// Starts each built sample as a user would, uses it, stops it by SIGTERM, and
// expects an exit code of 0. Ends with `N passed, N failed`. The outbox needs a
// store: test/outbox/sample.spec.ts starts that sample.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const START_MS = 30_000;
const STOP_MS = 20_000;
const ANSWER_MS = 30_000;
const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hi' };
const WELCOME = { to: 'ada@example.com', name: 'Ada', locale: 'de-AT' };
const CAMPAIGN = {
  subject: 'News for -name-',
  html: '<p>Hello -name-</p>',
  count: 2500,
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function start(program, port) {
  const env = { ...process.env, PORT: String(port) };
  // Without a key a sample talks to a SendGrid of its own on loopback.
  delete env.SENDGRID_API_KEY;
  delete env.TENANT_KEYS;
  delete env.NODE_ENV;
  const environment = '--env-file=sample/development.env';
  return spawn(process.execPath, [environment, program], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

async function untilAnswers(url, child) {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) {
      throw new Error(`the sample exited with code ${child.exitCode}`);
    }
    try {
      await fetch(url, { signal: AbortSignal.timeout(2_000) });
      return;
    } catch {
      await delay(100);
    }
  }
  throw new Error(`the sample did not answer within ${START_MS} ms`);
}

async function post(url, content) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(content),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const body = await response.text();
  const { pathname } = new URL(url);
  console.log(`POST ${pathname}: ${response.status} ${body}`);
  if (!response.ok) throw new Error(`POST ${pathname}: ${response.status}`);
  return JSON.parse(body);
}

async function sendMail(base) {
  const { messageId } = await post(`${base}/mail`, MAIL);
  if (typeof messageId === 'string') return;
  throw new Error('POST /mail answered without a messageId');
}

/** Sends one mail, which the mailbox shows. */
async function showMail(base) {
  await sendMail(base);
  const page = await fetch(`${base}/dev/mailbox`);
  const script = await fetch(`${base}/dev/mailbox/assets/main.js`);
  const list = await fetch(`${base}/dev/mailbox/messages?to=${MAIL.to}`);
  const { messages } = await list.json();
  console.log(`GET /dev/mailbox: ${page.status}, ${messages.length} message`);
  if (!page.ok || !script.ok) throw new Error('the mailbox has no page');
  const [{ subject, state } = {}] = messages;
  if (subject === MAIL.subject && state === 'accepted') return;
  throw new Error('the mailbox does not show the mail that was sent');
}

async function followCampaign(base) {
  const { id } = await post(`${base}/campaigns`, CAMPAIGN);
  const response = await fetch(`${base}/campaigns/${id}/progress`, {
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  // Ends once the campaign has.
  const events = await response.text();
  console.log(`GET /campaigns/:id/progress: ${response.status}\n${events}`);
  const [, data = '{}'] =
    /^event: done\n(?:id: .*\n)?data: (.*)$/m.exec(events) ?? [];
  if (!/^event: progress$/m.test(events))
    throw new Error('no progress was told');
  if (JSON.parse(data).accepted === CAMPAIGN.count) return;
  throw new Error('the campaign was not accepted for everybody');
}

/** Has a template rendered, which the mailbox shows. */
async function showTemplate(base) {
  await post(`${base}/welcome`, WELCOME);
  const list = await fetch(`${base}/dev/mailbox/messages?to=${WELCOME.to}`);
  const [{ subject } = {}] = (await list.json()).messages;
  if (subject === 'Willkommen, Ada') return;
  throw new Error(`the mailbox shows as the subject: ${subject}`);
}

async function sendForTenants(base) {
  for (const [id, from] of [
    ['acme', 'mail@acme.example'],
    ['globex', 'mail@globex.example'],
  ]) {
    const { envelope } = await post(`${base}/tenants/${id}/mail`, MAIL);
    if (envelope.from !== from) throw new Error(`${id} sent as another`);
  }
  const { status } = await fetch(`${base}/tenants/nobody/stats`);
  if (status !== 404) throw new Error(`a tenant that is none: ${status}`);
}

async function stop(child) {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const outcome = await Promise.race([
    exited,
    delay(STOP_MS, undefined, { ref: false }),
  ]);
  if (outcome === undefined) {
    throw new Error(`the sample runs on ${STOP_MS} ms after SIGTERM`);
  }
  const [code, signal] = outcome;
  if (code !== 0) throw new Error(`the sample exited with ${code ?? signal}`);
}

const SAMPLES = [
  { program: 'sample/dist/main.js', use: showMail },
  { program: 'samples/dist/samples/templates/main.js', use: showTemplate },
  { program: 'samples/dist/samples/campaign/main.js', use: followCampaign },
  { program: 'samples/dist/samples/multi-tenant/main.js', use: sendForTenants },
];

async function smoke({ program, use }) {
  console.log(`\n> ${program}`);
  const port = await freePort();
  const child = start(program, port);
  try {
    const base = `http://127.0.0.1:${port}`;
    await untilAnswers(base, child);
    await use(base);
    await stop(child);
    return true;
  } catch (error) {
    console.error(`${program}: ${error.message}`);
    return false;
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}

let passed = 0;
for (const sample of SAMPLES) if (await smoke(sample)) passed += 1;
const failed = SAMPLES.length - passed;
console.log(`\n${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
