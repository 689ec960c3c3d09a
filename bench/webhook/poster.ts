// Posts signed events, so many at a time as the process being measured asks for.
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { trusted } from '../trusted.js';
import { Posts } from './posts.js';

/** What the poster is told first. */
export interface PosterJob {
  readonly url: string;
  readonly privateKey: string;
  readonly events: number;
}

const UNDER_WAY = 8;

async function post(url: string, agent: Agent, posts: Posts): Promise<void> {
  const { headers, body } = posts.next();
  const sent = request(url, {
    method: 'POST',
    agent,
    headers: { ...headers, 'Content-Length': body.length },
  });
  sent.end(body);
  const [answer] = trusted<[IncomingMessage]>(await once(sent, 'response'));
  answer.resume();
  if (answer.statusCode === 204) return;
  throw new Error(`A post was answered with ${answer.statusCode}`);
}

async function postAll(
  count: number,
  send: () => Promise<void>,
): Promise<void> {
  let left = count;
  const lanes = Array.from({ length: UNDER_WAY }, async () => {
    while (left > 0) {
      left -= 1;
      await send();
    }
  });
  await Promise.all(lanes);
}

const [message] = await once(process, 'message');
const job = trusted<PosterJob>(message);
const agent = new Agent({ keepAlive: true, maxSockets: UNDER_WAY });
const posts = new Posts(job.events, createPrivateKey(job.privateKey));
process.on('message', (count) => {
  void postAll(Number(count), () => post(job.url, agent, posts)).then(() =>
    process.send?.('posted'),
  );
});
process.on('disconnect', () => agent.destroy());
process.send?.('ready');
