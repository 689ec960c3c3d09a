import { generateKeyPairSync } from 'node:crypto';
import { rootCertificates } from 'node:tls';

/** A private key in PEM, made for this run. */
export const PRIVATE_KEY = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** A certificate in PEM: one of those that Node.js trusts. */
export const CERTIFICATE: string = rootCertificates[0] ?? '';
