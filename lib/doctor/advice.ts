import { classifyReply } from '../delivery/classify-reply.js';
import type { Security } from '../options/resolved-options.js';
import { outOfFiles } from '../pool/open-files.js';
import type { ConnectionError } from '../smtp/connection-error.js';

/** Where a session was tried. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly security: Security;
}

const CERTIFICATES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED:
    "The certificate has expired: check this machine's clock; if it is right, something between here and SendGrid has put its own certificate in.",
  CERT_NOT_YET_VALID:
    "The certificate is not valid yet: set this machine's clock.",
  ERR_TLS_CERT_ALTNAME_INVALID:
    'The certificate is for another name: correct `host`, or set `tls.servername` if a relay of your own has that certificate.',
};

const SELF_SIGNED =
  'The certificate is not signed by an authority that Node.js knows: a proxy or firewall opens TLS on the way. Let it pass SMTP through, or give its authority in `tls.ca` (--ca here).';

/** Says in plain words what to change after a session that failed. */
export function adviceFor(failure: ConnectionError, place: Place): string {
  const files = outOfFiles(failure.cause);
  if (files !== undefined) return files;
  if (failure.nature === 'desync') return noSmtp(place);
  switch (failure.stage) {
    case 'connect':
      return connecting(failure, place);
    case 'tls':
      return tls(failure, place);
    case 'greeting':
      return greeting(failure, place);
    case 'starttls':
      return `STARTTLS does not work on port ${place.port}: something on the way takes it out, or the port expects TLS from the first byte. Use port 465 with implicit TLS, or another network path; the key was not sent.`;
    case 'auth':
      return loggingIn(failure);
    case 'ehlo':
    case 'session':
      return `Port ${place.port} of ${place.host} does not speak SMTP as SendGrid does: check \`host\` and \`port\`, and what stands between.`;
  }
}

function noSmtp({ host, port }: Place): string {
  return `Port ${port} of ${host} does not speak SMTP as SendGrid does: check \`host\` and \`port\`, and what stands between.`;
}

function connecting(failure: ConnectionError, { host, port }: Place): string {
  const code = codeOf(failure.cause);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `The name ${host} could not be looked up: see DNS.`;
  }
  if (code === 'ECONNREFUSED') {
    return `Nothing listens on port ${port} of ${host}, or a firewall answers for it: check \`host\` and \`port\`, and allow port ${port} outwards.`;
  }
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH') {
    return `There is no way from here to ${host}: check the network, the route and, in a container, its network settings.`;
  }
  return `Nothing answers on port ${port} of ${host}: a firewall or the hosting provider drops it. Allow port ${port} outwards, or use another port, 2525 above all.`;
}

function tls(failure: ConnectionError, { port, security }: Place): string {
  const code = codeOf(failure.cause);
  const certificate = CERTIFICATES[code];
  if (certificate !== undefined) return certificate;
  if (/SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/.test(code)) return SELF_SIGNED;
  if (/WRONG_VERSION|PACKET_LENGTH|UNKNOWN_PROTOCOL/.test(code)) {
    return security === 'implicit'
      ? `Port ${port} speaks plain text first, and TLS was begun at once: set \`security: 'starttls'\` for this port, or use 587.`
      : 'What answers after STARTTLS is no TLS: something on the way interferes. Use port 465.';
  }
  if (failure.nature === 'silence' && security === 'implicit') {
    return `Port ${port} takes connections and does not answer TLS: it may wait in plain text; set \`security: 'starttls'\`, or use port 587.`;
  }
  return `TLS could not be set up (${code === '' ? 'the other side broke off' : code}): a proxy or firewall may be in the way; TLS 1.2 is the least that is accepted.`;
}

function greeting(failure: ConnectionError, place: Place): string {
  const { port, security } = place;
  if (failure.reply !== undefined) {
    return 'The relay takes no connection from here now: wait, use fewer connections, and see whether the address is blocked.';
  }
  if (failure.nature !== 'silence') {
    return `Port ${port} takes connections and closes them without a word: a proxy or firewall on the way does not let SMTP through. Use another port, 2525 above all.`;
  }
  return security === 'starttls'
    ? `Port ${port} takes connections and says nothing: it expects TLS from the first byte (set \`security: 'implicit'\`, or use port 587), or a firewall holds the connection.`
    : `Port ${port} takes connections and says nothing: a proxy or firewall holds the connection. Use another port.`;
}

function loggingIn({ reply, nature }: ConnectionError): string {
  if (reply !== undefined) {
    const { meaning, advice } = classifyReply('auth', reply);
    return `${meaning} ${advice}`;
  }
  return nature === 'silence'
    ? 'The relay does not answer the log-in: try again later, and see status.sendgrid.com.'
    : 'The log-in could not be tried: without TLS and AUTH PLAIN the key is not sent. Use port 587 or 465 of SendGrid.';
}

/** The code of an error, or of the first that an attempt at several addresses met. */
function codeOf(cause: unknown): string {
  const errors: unknown = Reflect.get(Object(cause), 'errors');
  const [first] = Array.isArray(errors) ? errors : [];
  const code: unknown =
    Reflect.get(Object(cause), 'code') ?? Reflect.get(Object(first), 'code');
  return typeof code === 'string' ? code : '';
}
