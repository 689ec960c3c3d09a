import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from 'vitest';
import {
  FakeSendGrid,
  SENDGRID_REPLIES,
  type FakeSendGridOptions,
} from 'nestjs-sendgrid-smtp/testing';
import { run } from '../../lib/doctor/run.js';

interface Checked {
  readonly name: string;
  readonly status: string;
  readonly found: string;
  readonly advice?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

interface Ran {
  readonly code: number;
  readonly text: string;
  readonly error: string;
}

const API_KEY = `SG.${'k'.repeat(22)}.${'s'.repeat(43)}`;

const opened: (() => unknown)[] = [];
let folder: string;
let ca: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  const relay = await FakeSendGrid.start();
  ca = join(folder, 'ca.pem');
  writeFileSync(ca, relay.ca);
  await relay.stop();
});
beforeEach(() => {
  vi.stubEnv('SENDGRID_API_KEY', API_KEY);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of opened.splice(0)) await close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function relayOf(
  options: FakeSendGridOptions = {},
): Promise<FakeSendGrid> {
  const relay = await FakeSendGrid.start({ apiKey: API_KEY, ...options });
  opened.push(() => relay.stop());
  return relay;
}

/** Every run is searched for the key. */
async function ran(...args: readonly string[]): Promise<Ran> {
  let text = '';
  let error = '';
  const code = await run(['doctor', '--host', '127.0.0.1', ...args], {
    out: (more) => (text += more),
    error: (more) => (error += more),
  });
  expect(text + error).not.toMatch(/SG\.k|kkkk|ssss|AGFwaWtleQ/);
  return { code, text, error };
}

/** The check of the one port that is tried. */
async function portOf(
  port: number,
  ...args: string[]
): Promise<Checked & { code: number }> {
  const { code, text } = await ran(
    '--port',
    String(port),
    '--ca',
    ca,
    '--json',
    ...args,
  );
  const { checks } = JSON.parse(text) as { checks: Checked[] };
  const check = checks.find(({ name }) => name === `port ${port}`);
  if (check === undefined) throw new Error(`No such check in ${text}`);
  return { ...check, code };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

describe('doctor', () => {
  it.each(['starttls', 'implicit', 'none'] as const)(
    'finds nothing to change on a relay with %s',
    async (security) => {
      const relay = await relayOf({ security });

      const { code, ...check } = await portOf(
        relay.port,
        '--security',
        security,
      );

      expect(check).toMatchObject({
        status: 'ok',
        found: expect.stringMatching(/EHLO in \d+ ms .*key accepted in \d+ ms/),
        facts: {
          security,
          ehlo: { pipelining: true, maxSize: 31_457_280 },
        },
      });
      expect(Object.keys(check.facts?.['tls'] ?? {})).toEqual(
        security === 'none' ? [] : ['protocol', 'cipher', 'issuer', 'validTo'],
      );
      expect(code).toBe(0);
      await relay.waitUntil(({ quits }) => quits === 1);
      expect(relay.counters.mailFrom).toBe(0);
    },
  );

  it('says so to a person, line by line', async () => {
    const relay = await relayOf();

    const { code, text } = await ran('--port', String(relay.port), '--ca', ca);

    expect(code).toBe(0);
    expect(text).toMatch(/^ok {7}Node\.js {6}\d+\.\d+/m);
    expect(text).toMatch(/^ok {7}API key {6}SENDGRID_API_KEY has the shape/m);
    expect(text).toMatch(/^skipped {2}DNS {10}127\.0\.0\.1 is an address/m);
    expect(text).toMatch(/^ok {7}port \d+ +connected in \d+ ms, TLSv1\.3 in/m);
    expect(text).toMatch(/open files {3}\d+ at once, for 10 connections/);
    expect(text).toMatch(/Nothing to change\.\n$/);
  });

  it('reads the key from another variable, or a file', async () => {
    vi.stubEnv('SENDGRID_API_KEY', undefined);
    const file = join(folder, '.env');
    writeFileSync(file, `MAIL_KEY=${API_KEY}\n`);
    vi.stubEnv('MAIL_KEY', undefined);
    const relay = await relayOf();

    const { code } = await portOf(
      relay.port,
      '--env-file',
      file,
      '--key-env',
      'MAIL_KEY',
    );

    expect(code).toBe(0);
    expect(relay.counters.authenticated).toBe(1);
  });
});

describe('a port that does not work', () => {
  it('is one where nothing listens', async () => {
    const relay = await relayOf();
    const { port } = relay;
    await relay.stop();

    const { code, status, advice } = await portOf(port);

    expect([code, status]).toEqual([1, 'failed']);
    expect(advice).toContain(`Nothing listens on port ${port}`);
  });

  it('is named together with one that does', async () => {
    const dead = await relayOf();
    await dead.stop();
    const relay = await relayOf();

    const { code, advice } = await portOf(
      dead.port,
      '--port',
      String(relay.port),
    );

    expect(code).toBe(1);
    expect(advice).toContain(
      `Port ${relay.port} works from here: set \`port: ${relay.port}\`.`,
    );
  });

  it('is only a warning beside the one in use', async () => {
    const dead = await relayOf();
    await dead.stop();
    const relay = await relayOf();

    const { code, text } = await ran(
      '--port',
      `${relay.port}`,
      '--port',
      `${dead.port}`,
      '--ca',
      ca,
    );

    expect(code).toBe(0);
    expect(text).toMatch(new RegExp(`^warning  port ${dead.port}`, 'm'));
    expect(text).toContain('Nothing to change.');
  });

  it('is one without STARTTLS, which gets no key', async () => {
    const relay = await relayOf({ hide: ['STARTTLS'] });

    const { code, advice, facts } = await portOf(relay.port);

    expect([code, facts?.['stage']]).toEqual([1, 'starttls']);
    expect(advice).toMatch(/port 465 with implicit TLS.*key was not sent/);
    expect(relay.counters.authenticated).toBe(0);
  });

  it('is one with a certificate that nobody vouches for', async () => {
    const relay = await relayOf();

    const { code, text } = await ran('--port', String(relay.port));

    expect(code).toBe(1);
    expect(text).toMatch(/is not signed by an authority.*`tls\.ca`/);
  });

  it('is one that speaks plain text where TLS is begun at once', async () => {
    const relay = await relayOf();

    const { code, advice } = await portOf(relay.port, '--security', 'implicit');

    expect(code).toBe(1);
    expect(advice).toContain("set `security: 'starttls'` for this port");
  });

  it('is one that waits for TLS where a greeting is expected', async () => {
    const relay = await relayOf({ security: 'implicit' });

    const { code, advice } = await portOf(relay.port, '--timeout', '1');

    expect(code).toBe(1);
    expect(advice).toContain("`security: 'implicit'`");
  });

  it('is one behind which something else answers', async () => {
    const port = await listen(
      createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );

    const { code, found, advice } = await portOf(port);

    expect(code).toBe(1);
    expect(found).toContain('broke the SMTP protocol');
    expect(advice).toContain('does not speak SMTP');
  });

  it('is one that takes connections and drops them', async () => {
    const relay = await relayOf();
    relay.fail('greeting', 'drop');

    const { code, advice } = await portOf(relay.port);

    expect(code).toBe(1);
    expect(advice).toContain('closes them without a word');
  });

  it('is one that turns connections away', async () => {
    const relay = await relayOf({ maxConnections: 0 });

    const { code, found, advice } = await portOf(relay.port);

    expect(code).toBe(1);
    expect(found).toContain(SENDGRID_REPLIES.tooManyConnections);
    expect(advice).toContain('use fewer connections');
  });

  it.each(['greeting', 'ehlo', 'auth'] as const)(
    'is one that is too slow with the reply to %s',
    async (stage) => {
      const relay = await relayOf();
      relay.fail(stage, 'stall');

      const { code, found, facts } = await portOf(relay.port, '--timeout', '1');

      expect([code, facts?.['stage']]).toEqual([1, stage]);
      expect(found).toContain('did not answer in time');
    },
  );
});

describe('a key that does not work', () => {
  it.each([
    ['badKey', /wrong, incomplete, revoked, or of another region/],
    ['creditsExceeded', /used up the mails of its plan.*Buy credits/],
    ['couldNotAuthenticate', /does not allow the IP address.*IP Access/],
  ] as const)('is told by the reply %s', async (reply, expected) => {
    const relay = await relayOf();
    relay.fail('auth', SENDGRID_REPLIES[reply]);

    const { code, found, advice } = await portOf(relay.port);

    expect(code).toBe(1);
    expect(found).toContain(SENDGRID_REPLIES[reply].slice(4));
    expect(advice).toMatch(expected);
  });

  it('is not shown when the relay repeats it', async () => {
    const relay = await relayOf();
    relay.fail('auth', `535 ${API_KEY} is wrong`);

    const { found } = await portOf(relay.port);

    expect(found).toMatch(/535 \[redacted\]$/);
  });

  it.each([
    ['unset', undefined, /SENDGRID_API_KEY is unset or empty/],
    ['blank', '  ', /SENDGRID_API_KEY is unset or empty/],
    ['with a line feed', `${API_KEY}\n`, /must hold no white space/],
    ['the ID of a key', 'k'.repeat(22), /is the ID of a key, not the key/],
  ])('is not tried: %s', async (_, key, expected) => {
    vi.stubEnv('SENDGRID_API_KEY', key);
    const relay = await relayOf();

    const { code, text } = await ran('--port', String(relay.port), '--ca', ca);

    expect(code).toBe(1);
    expect(text).toMatch(expected);
    expect(text).toMatch(/^ok .* not logged in$/m);
    expect(relay.counters.authenticated).toBe(0);
  });

  it('is not asked for with --no-auth', async () => {
    vi.stubEnv('SENDGRID_API_KEY', undefined);
    const relay = await relayOf();

    const { code } = await portOf(relay.port, '--no-auth');

    expect(code).toBe(0);
  });
});

describe('a command line that is wrong', () => {
  it.each([
    [['--prot', '587'], /--prot/],
    [['--port', 'smtp'], /--port must be a whole number/],
    [['--port', '70000'], /`port` must be/],
    [['--security', 'ssl'], /starttls, implicit or none/],
    [['--ca', '/no/such/file'], /no such file/],
    [['--host', '192.0.2.1'], /must be a host name, not an IP address/],
    [[API_KEY], /`doctor` is all there is/],
    [[`--key=${API_KEY}`], /redacted|Unknown option/],
  ])('%j exits with 2', async (args, expected) => {
    const { code, text, error } = await ran(...args);

    expect([code, text]).toEqual([2, '']);
    expect(error).toMatch(expected);
  });

  it('is helped', async () => {
    const { code, text } = await ran('--help');

    expect(code).toBe(0);
    expect(text).toContain('Usage: npx nestjs-sendgrid-smtp doctor');
    expect((await ran('--version')).text).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
