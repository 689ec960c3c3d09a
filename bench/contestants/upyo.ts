import { mailOf } from '../mail.js';
import { loadPeer } from '../peers.js';
import { trusted } from '../trusted.js';
import { KEY, type Contestant, type Load, type Target } from './contestant.js';

interface Receipt {
  readonly successful: boolean;
  readonly errorMessages?: readonly string[];
}

interface UpyoTransport {
  sendMany(messages: Iterable<unknown>): AsyncIterable<Receipt>;
  closeAllConnections(): Promise<void>;
}

interface UpyoSmtp {
  readonly SmtpTransport: new (options: object) => UpyoTransport;
}

interface UpyoCore {
  readonly createMessage: (fields: object) => unknown;
}

/**
 * @upyo/smtp by `sendMany`, which spares it the RSET after each message, one
 * such run per connection.
 */
export function upyo(target: Target, _load: Load): Contestant {
  const { SmtpTransport } = trusted<UpyoSmtp>(loadPeer('@upyo/smtp'));
  const { createMessage } = trusted<UpyoCore>(loadPeer('@upyo/core'));
  const { host, port, security, ca, connections } = target;
  const transport = new SmtpTransport({
    host,
    port,
    secure: security === 'implicit',
    auth: { user: 'apikey', pass: KEY },
    poolSize: connections,
    ...(ca === undefined ? {} : { tls: { ca: [ca] } }),
  });
  const compose = (n: number): unknown => {
    const { from, to, subject, text, html } = mailOf(n);
    return createMessage({ from, to, subject, content: { text, html } });
  };
  return {
    run: (count) => runLanes(transport, connections, count, compose),
    close: () => transport.closeAllConnections(),
  };
}

async function runLanes(
  transport: UpyoTransport,
  lanes: number,
  count: number,
  compose: (n: number) => unknown,
): Promise<void> {
  let left = count;
  function* messages(): Generator {
    while (left > 0) {
      left -= 1;
      yield compose(left);
    }
  }
  const lane = async (): Promise<void> => {
    for await (const receipt of transport.sendMany(messages())) {
      if (!receipt.successful) throw new Error(String(receipt.errorMessages));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
