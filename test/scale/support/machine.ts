import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** What figures were taken on, in one sentence. */
export function machine(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const gib = Math.round(totalmem() / 2 ** 30);
  const { node, openssl } = process.versions;
  return `${model}, ${availableParallelism()} cores, ${gib} GiB; Node.js ${node}, OpenSSL ${openssl}, nestjs-sendgrid-smtp ${manifest.version}`;
}
