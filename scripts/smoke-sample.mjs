// Starts the built sample as a user would, posts one mail, stops it by SIGTERM,
// and expects an exit code of 0. Ends with `N passed, N failed`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const START_MS = 30_000;
const STOP_MS = 20_000;
const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hi' };

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
  return spawn(process.execPath, ['sample/dist/main.js'], {
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

async function post(url) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(MAIL),
    signal: AbortSignal.timeout(30_000),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`POST /mail: ${response.status} ${body}`);
  if (typeof JSON.parse(body).messageId !== 'string') {
    throw new Error(`POST /mail answered without a messageId: ${body}`);
  }
  console.log(`POST /mail: ${response.status} ${body}`);
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
  await untilAnswers(`http://127.0.0.1:${port}/mail/stats`, child);
  await post(`http://127.0.0.1:${port}/mail`);
  await stop(child);
  console.log('\n1 passed, 0 failed');
} catch (error) {
  console.error(`Sample: ${error.message}`);
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  if (child.exitCode === null) child.kill('SIGKILL');
}
