import { expect } from 'vitest';
import type { Said, ScriptedServer } from '../scripted-server.js';

const SET_UP = new Set(['GREETING', 'EHLO', 'STARTTLS', 'AUTH']);

/** `<2>` for the body of message 2, `.` for one with nothing in it. */
export function nameOf(body: string): string {
  const number = /^Hello (\d+)$/m.exec(body)?.[1];
  if (number !== undefined) return `<${number}>`;
  if (body === '') return '.';
  throw new Error(`no body of a message: ${JSON.stringify(body)}`);
}

/**
 * What was written on each connection once it was set up, such as
 * `MAIL RCPT RCPT DATA <1> QUIT`, and `...` where something was not ended.
 */
export function wireOf(server: ScriptedServer): string[] {
  return Array.from({ length: server.connections }, (_, index) => {
    const said = server.said.filter(
      ({ connection }) => connection === index + 1,
    );
    const words = said.filter(({ event }) => !SET_UP.has(event)).map(word);
    const ended = server.unfinished(index + 1) === '';
    return (ended ? words : [...words, '...']).join(' ');
  });
}

/** What was said on the first connection to set it up, TLS in brackets. */
export function setUpOf(server: ScriptedServer): string {
  return server.said
    .filter(({ connection, event }) => connection === 1 && SET_UP.has(event))
    .filter(({ event }) => event !== 'GREETING')
    .map(({ event, secure }) => (secure ? `(${event})` : event))
    .join(' ');
}

function word({ event, line }: Said): string {
  return event === 'DOT' ? nameOf(line) : event;
}

/** The wire of a message that went through, alone or after another. */
export function whole(...numbers: readonly number[]): string {
  return numbers.map((n) => `${ENVELOPE} <${n}>`).join(' ');
}

/** A wire that begins like this, where chance says how far it goes. */
export function begins(wire: string): string {
  // An asymmetric matcher: `toEqual` takes it for any string that fits.
  return expect.stringMatching(new RegExp(`^${wire}`)) as string;
}

/** The wire of an envelope that went out in full. */
export const ENVELOPE = 'MAIL RCPT RCPT DATA';
