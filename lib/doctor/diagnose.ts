import { DEFAULTS } from '../options/defaults.js';
import { checkDns } from './check-dns.js';
import { checkFiles } from './check-files.js';
import { checkKey } from './check-key.js';
import { checkNode } from './check-node.js';
import { checkPort, relayOptions } from './check-port.js';
import { reportOf, type Check, type Report } from './report.js';
import type { DoctorSettings } from './settings.js';

/**
 * Looks at everything that mail depends on, from where it runs. All ports are
 * tried at once; what fails on those that are not in use is no failure.
 *
 * @throws InvalidOptionsError for a host, port or protection that is none
 */
export async function diagnose(settings: DoctorSettings): Promise<Report> {
  const { ports, timeoutMs, auth } = settings;
  const [port = DEFAULTS.port] = ports;
  const { host } = relayOptions(port, settings).relay;
  const key = checkKey(settings);
  const usable = auth && key.status !== 'failed' ? settings.key : undefined;
  const [dns, ...tried] = await Promise.all([
    checkDns(host, timeoutMs),
    ...ports.map((one) => checkPort(one, settings, usable)),
  ]);
  const files = checkFiles(
    settings.maxConnections ?? DEFAULTS.pool.maxConnections,
  );
  const checks = [checkNode(), key, dns, ...inUse(tried, ports), files];
  return reportOf(host, port, checks);
}

/** The first port counts; of the others it is told whether they would do. */
function inUse(tried: readonly Check[], ports: readonly number[]): Check[] {
  const [first, ...others] = tried;
  if (first === undefined) return [];
  const working = ports.filter((_, at) => tried[at]?.status === 'ok');
  return [withWayOut(first, working), ...others.map(unused)];
}

function withWayOut(check: Check, working: readonly number[]): Check {
  const [other] = working;
  if (check.status === 'ok' || other === undefined) return check;
  const advice = `${check.advice ?? ''} Port ${other} works from here: set \`port: ${other}\`.`;
  return { ...check, advice: advice.trim() };
}

function unused(check: Check): Check {
  if (check.status === 'ok') return check;
  const { advice, ...rest } = check;
  return { ...rest, status: 'warning', facts: { ...check.facts, advice } };
}
