import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { shown } from '../figures.js';
import { versionOf } from '../peers.js';

/** What the figures were measured on and with. */
export function machine(): string[] {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `CPU: ${cpu?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores; memory: ${memory} GB; ${process.platform} ${process.arch}`,
    `load average over the last 15 minutes of the run: ${shown(loadavg()[2] ?? 0)}`,
    `Node ${process.versions.node}`,
    `nodemailer ${versionOf('nodemailer', 'own')}`,
    `@nestjs/core ${versionOf('@nestjs/core', 'own')}`,
  ];
}

/** The versions of the libraries that were measured against. */
export function peers(): string[] {
  return [
    `@upyo/smtp ${versionOf('@upyo/smtp', 'peer')}`,
    `@nestjs-modules/mailer ${versionOf('@nestjs-modules/mailer', 'peer')} over nodemailer ${versionOf('nodemailer', 'peer')}`,
  ];
}
