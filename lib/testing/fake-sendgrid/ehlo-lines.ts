import type { ResolvedFakeOptions } from './options.js';

/** The lines of SendGrid's EHLO reply, in its order. */
export function ehloLines(options: ResolvedFakeOptions): string[] {
  const { hide, security, size } = options;
  const lines = [
    { capability: '8BITMIME', text: '8BITMIME' },
    { capability: 'PIPELINING', text: 'PIPELINING' },
    { capability: 'SIZE', text: `SIZE ${size}` },
    { capability: 'STARTTLS', text: 'STARTTLS' },
    { capability: 'AUTH', text: 'AUTH PLAIN LOGIN' },
    { capability: 'AUTH', text: 'AUTH=PLAIN LOGIN' },
  ] as const;
  const offered = lines.filter(
    ({ capability }) =>
      !hide.includes(capability) &&
      (capability !== 'STARTTLS' || security === 'starttls'),
  );
  return ['smtp.sendgrid.net', ...offered.map(({ text }) => text)];
}
