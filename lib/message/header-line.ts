import { foldLines } from 'nodemailer/lib/mime-funcs';

const LINE_LENGTH = 76;

/** Writes one header, folded; nothing when it has no value. */
export function headerLine(name: string, value: string | undefined): string {
  if (value === undefined || value.trim() === '') return '';
  return `${foldLines(`${name}: ${value}`, LINE_LENGTH)}\r\n`;
}
