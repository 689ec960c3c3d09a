import addressparser from 'nodemailer/lib/addressparser';

const FROM = /^from:([^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*)/im;

/**
 * Reads the first address in the first From header of a message whose header
 * block was checked. `head` holds that block at least. Undefined when there is
 * no address in it.
 */
export function firstFrom(head: Buffer): string | undefined {
  const end = head.indexOf('\r\n\r\n');
  // A block that ends in another way ends earlier, and has its From before that.
  const text = head.toString('latin1', 0, end < 0 ? head.length : end);
  const value = FROM.exec(text)?.[1]?.replace(/[\r\n]+/g, '') ?? '';
  const mailboxes = addressparser(value, { flatten: true });
  return mailboxes.find(({ address }) => address !== '')?.address;
}
