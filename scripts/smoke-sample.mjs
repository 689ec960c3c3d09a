// Starts the built sample as a user would, posts one mail, finds it in the
// mailbox, follows a campaign, stops it by SIGTERM, and expects an exit code of 0. Ends with `N passed, N failed`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const START_MS = 30_000;
const STOP_MS = 20_000;
const ANSWER_MS = 30_000;
const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hi' };
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

function start(port) {
  const env = { ...process.env, PORT: String(port) };
  // Without a key the sample talks to a SendGrid of its own on loopback.
  delete env.SENDGRID_API_KEY;
  delete env.NODE_ENV;
  const environment = '--env-file=sample/development.env';
  return spawn(process.execPath, [environment, 'sample/dist/main.js'], {
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

async function lookIntoMailbox(base) {
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

const port = await freePort();
const child = start(port);
try {
  const base = `http://127.0.0.1:${port}`;
  await untilAnswers(`${base}/mail/stats`, child);
  await sendMail(base);
  await lookIntoMailbox(base);
  await followCampaign(base);
  await stop(child);
  console.log('\n1 passed, 0 failed');
} catch (error) {
  console.error(`Sample: ${error.message}`);
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  if (child.exitCode === null) child.kill('SIGKILL');
}
