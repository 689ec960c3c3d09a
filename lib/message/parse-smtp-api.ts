import { headerValues } from './header-values.js';

/**
 * Reads the X-SMTPAPI header of a message; undefined when there is not exactly
 * one that holds JSON.
 */
export function parseSmtpApi(raw: Buffer): unknown {
  const [value, ...others] = headerValues(raw, 'x-smtpapi');
  if (value === undefined || others.length > 0) return undefined;
  try {
    return JSON.parse(value.replaceAll('\r\n', ''));
  } catch {
    // SendGrid accepts such a message too, and drops it later.
    return undefined;
  }
}
