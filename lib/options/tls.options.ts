import { X509Certificate } from 'node:crypto';
import { isUint8Array } from 'node:util/types';

import { isHostName } from './host-name.js';
import { OptionGroup } from './option-group.js';
import type { ResolvedRelay } from './resolved-options.js';
import { Rule } from './rule.js';

type Ca = ResolvedRelay['tls']['ca'];
type MinVersion = ResolvedRelay['tls']['minVersion'];

/**
 * How the relay's certificate is checked. It always is: no option switches
 * that off.
 */
export interface SendGridSmtpTlsOptions {
  /**
   * Certificate authorities in PEM, in place of those Node.js trusts.
   *
   * @defaultValue what Node.js trusts
   */
  readonly ca?: string | Buffer | (string | Buffer)[] | undefined;

  /**
   * Name the relay's certificate must carry.
   *
   * @defaultValue `host`
   */
  readonly servername?: string | undefined;

  /**
   * Lowest TLS version used. SendGrid accepts none below 1.2 since 2023.
   *
   * @defaultValue 'TLSv1.2'
   */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
}

/** Validates {@link SendGridSmtpTlsOptions}. */
export class TlsOptions extends OptionGroup {
  @Rule(certificates)
  readonly ca: Ca = undefined;

  @Rule(serverName)
  readonly servername: string | undefined = undefined;

  @Rule(minVersion)
  readonly minVersion: MinVersion = 'TLSv1.2';
}

function certificates(value: unknown): string | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const sound = list.every(
    (one) =>
      (typeof one === 'string' || isUint8Array(one)) && isCertificate(one),
  );
  return sound && list.length > 0
    ? undefined
    : 'must be certificates in PEM (a text, a Buffer, or a list of them), {got}';
}

function isCertificate(pem: string | Uint8Array): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}

function serverName(value: unknown): string | undefined {
  return typeof value === 'string' && isHostName(value)
    ? undefined
    : 'must be the host name in the certificate, {got}';
}

function minVersion(value: unknown): string | undefined {
  return value === 'TLSv1.2' || value === 'TLSv1.3'
    ? undefined
    : 'must be "TLSv1.2" or "TLSv1.3", {got}: SendGrid stopped accepting lower versions in 2023';
}
