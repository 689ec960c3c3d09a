import { resolveOptions } from '../options/resolve-options.js';
import type { Secret } from '../options/secret.js';
import type { Capabilities } from '../smtp/capabilities.js';
import { adviceFor } from './advice.js';
import type { Check } from './report.js';
import { Session, type SessionResult } from './session.js';
import type { DoctorSettings } from './settings.js';

/**
 * Whether mail can be handed over on a port.
 *
 * @param key - to log in with, if to log in
 * @throws InvalidOptionsError for a host, port or protection that is none
 */
export async function checkPort(
  port: number,
  settings: DoctorSettings,
  key: Secret | undefined,
): Promise<Check> {
  const { relay, timeouts } = relayOptions(port, settings);
  const result = await new Session({ relay, timeouts }, key).run();
  const { failure } = result;
  const facts = { port, security: relay.security, ...factsOf(result) };
  const name = `port ${port}`;
  const done = stepsOf(result, key !== undefined);
  if (failure === undefined) {
    return { name, status: 'ok', found: done.join(', '), facts };
  }
  return {
    name,
    status: 'failed',
    found: [...done, failure.message.replace(/\.$/, '')].join(', '),
    advice: adviceFor(failure, { ...relay, port }),
    facts: { ...facts, stage: failure.stage },
  };
}

/** The options that an application would have for the port. */
export function relayOptions(
  port: number,
  settings: DoctorSettings,
): ReturnType<typeof resolveOptions> {
  const { region, host, security, ca, timeoutMs: ms } = settings;
  const timeouts = { connectMs: ms, greetingMs: ms, commandMs: ms };
  // The key is looked at elsewhere, and mode `capture` needs none.
  const tls = { ca };
  const given = { mode: 'capture', region, host, port, security };
  return resolveOptions({ ...given, tls, timeouts });
}

function stepsOf(
  { ms, tls, capabilities, failure }: SessionResult,
  withKey: boolean,
): string[] {
  const steps: string[] = [];
  if (ms.connect !== undefined) steps.push(`connected in ${ms.connect} ms`);
  if (ms.tls !== undefined && tls !== undefined) {
    steps.push(`${tls.protocol} in ${ms.tls} ms`);
  }
  if (ms.ehlo !== undefined && capabilities !== undefined) {
    steps.push(`EHLO in ${ms.ehlo} ms (${offers(capabilities)})`);
  }
  if (ms.auth !== undefined) steps.push(`key accepted in ${ms.auth} ms`);
  else if (!withKey && failure === undefined) steps.push('not logged in');
  return steps;
}

function offers(capabilities: Capabilities): string {
  const { pipelining, eightBitMime, maxSize } = capabilities;
  const offered = [
    ...(pipelining ? ['PIPELINING'] : []),
    ...(eightBitMime ? ['8BITMIME'] : []),
    ...(maxSize === undefined ? [] : [`SIZE ${maxSize}`]),
  ];
  return offered.length === 0 ? 'nothing of use' : offered.join(' ');
}

function factsOf({ ms, tls, capabilities, failure }: SessionResult): object {
  return {
    ms,
    tls,
    ehlo: capabilities,
    reply: failure?.reply,
  };
}
