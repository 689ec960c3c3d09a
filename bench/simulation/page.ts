import { format } from 'prettier';

import { sectionText } from '../report/markdown.js';
import {
  ACCEPT,
  CAP,
  HOLD,
  JOB_BYTES,
  LOAD,
  MOST_CONNECTIONS,
  PEAK,
  ROUND_TRIP,
  WORKER_RATE,
} from './assumptions.js';
import { byLoad, perConnection } from './connections.js';
import { fleets, memoryOfJobs } from './fleets.js';
import { campaign, outage } from './incidents.js';
import { memory, time, whole } from './shown.js';

/** The page docs/scaling.md. */
export async function page(): Promise<string> {
  const parts = [
    INTRODUCTION,
    ...[fleets(), perConnection(), byLoad()].map(sectionText),
    LIMITS,
    ...[campaign(), outage()].map(sectionText),
    sectionText(memoryOfJobs()),
    MEMORY,
    METHOD,
  ];
  return format(parts.join('\n\n'), { parser: 'markdown' });
}

const INTRODUCTION = `# Scaling

How to size workers, connections and lanes. Written by \`npm run simulate\`: every
figure is computed or simulated from what is assumed here, and is the same on
every run. In a checkout, put your own figures into
\`bench/simulation/assumptions.ts\`.

| assumed | |
| --- | --- |
| round trip to the relay | ${time(ROUND_TRIP)}: yours is the time of a TCP connect |
| time in which the relay accepts | ${time(ACCEPT)} on average: both together are \`totalMs - queuedMs\` in \`SendReceipt.timings\` |
| busiest hour | ${PEAK} times the mean rate of the day |
| connections busy at the peak | ${LOAD * 100}% |
| one worker process | ${whole(WORKER_RATE)} messages a second, as one over Redis did ([measured](benchmarks-outbox.md)); fewer over PostgreSQL |
| a message | 2 KB of text and HTML, one recipient |

The arithmetic:

1. messages a second at the peak = messages a day / 86,400 x ${PEAK}
2. time that a message takes a connection = round trip + time to accept, here
   ${time(HOLD)}
3. connections = messages a second at the peak x that time / ${LOAD}
4. workers = messages a second at the peak / what one carries, plus one that may
   fail or be deployed
5. \`pool.maxConnections\` = connections / workers that must be enough; the sum
   over all workers is what \`fleet.maxConnections\` bounds
6. memory of the store = messages that wait x their size in it, plus ids that
   are kept`;

const LIMITS = `## SendGrid's limits

- **${whole(CAP)} messages per connection.** The library replaces connections before
  that, which takes part of a second in minutes of use: it needs no thought.
- **${whole(MOST_CONNECTIONS)} connections from one server**, which the library keeps
  per process. At ${time(HOLD)} a message they carry ${whole(MOST_CONNECTIONS / HOLD)} messages a second:
  cores and the store end long before. Processes on one server or behind one
  address share SendGrid's limit without knowing of each other: bound their sum
  with \`fleet.maxConnections\`.
- **A rate over SMTP is not documented.** What SendGrid does limit are the
  messages of your plan and, with new dedicated addresses, what receivers take
  before they know them. Use \`fleet.rateLimit\` to warm up, and talk to SendGrid
  before you grow tenfold.
- Fewer connections, well used, are better than many: SendGrid asks to pass as
  much mail over each as it may, and each takes memory and a TLS handshake
  ([scale](scale.md)).

## Lanes

Give \`urgent\` to what somebody waits for (passwords, codes), \`bulk\` to what may
take an hour (campaigns, digests), and nothing to the rest. Lanes cost no
connections; they decide who waits when there are too few. Keep \`urgent\` below
a tenth of the rate, or it is the normal lane under another name.`;

const MEMORY = `Bodies are what an incident costs, ids what every day costs. With Redis and
\`maxmemory-policy noeviction\`, which the outbox requires, a full store refuses to
enqueue: size it for the longest incident you want to ride out, twice. Give an
\`id\` to messages that may be enqueued twice, and shorten
\`idempotencyWindowMs\` to the time in which that can happen: a retried HTTP
request or queue message comes again within minutes, rarely after days.

Large bodies count in full, attachments a third more: a million waiting messages
with 100 KB attached are ${memory(1e6 * (100e3 * (4 / 3) + JOB_BYTES))}. Link to files instead.

## When one store is not enough

One Redis runs BullMQ's scripts on one core. Where your measurement of the store
ends before your peak, use several: an outbox of its own (name and store) for
each group of tenants, or one for \`bulk\`. Ids are told apart within one store
only, so a message must always go to the same one.`;

const METHOD = `## How it is simulated

- Message by message: they come at random (Poisson) at the rate of each lane,
  wait in the library's own queue with its order of lanes, and take a connection
  for a round trip and an exponential time to accept. A connection at its cap is
  set up anew, which takes 8 round trips, while nothing stands in for it.
- One queue stands for the store and the pools of all workers. The outbox takes
  lanes by priority from the store, where \`bulk\` has no guaranteed part: under
  an overload of more urgent lanes it waits longer than here.
- A fleet of ideal workers: the time that store and CPU take is not in it.
- Held against queueing theory (M/M/1, M/D/1, M/M/c) by
  \`test/unit/bench/simulation.spec.ts\`.`;
