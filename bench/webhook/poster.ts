// Posts signed events, as many as the process being measured asks for. Fails
// when one is not taken.
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

const [message] = await once(process, 'message');
const job = trusted<PosterJob>(message);
const agent = new Agent({ keepAlive: true, maxSockets: UNDER_WAY });
const posts = new Posts(job.events, createPrivateKey(job.privateKey));
process.on('message', (count) => {
  for (let left = Number(count); left > 0; left -= 1) {
    void post(job.url, agent, posts);
  }
});
process.on('disconnect', () => agent.destroy());
process.send?.('ready');
