import { asciiJson } from '../../message/x-smtpapi/ascii-json.js';
import { refused } from '../../message/x-smtpapi/field-checks.js';

// A line of a header holds 998, with the punctuation of JSON around a text.
const MAX_OCTETS = 980;

/**
 * Refuses a text that the X-SMTPAPI header cannot be folded in: folds go
 * before spaces.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function refuseLongWords(text: string, path: string): void {
  // A character takes six octets at most.
  if (text.length * 6 <= MAX_OCTETS) return;
  const words = asciiJson(text).split(' ');
  if (words.every((word) => word.length <= MAX_OCTETS)) return;
  throw refused(
    path,
    `holds a word that takes more than ${MAX_OCTETS} bytes of JSON, where the ` +
      'X-SMTPAPI header cannot be folded. Put spaces into it; a character ' +
      'that is not ASCII takes six bytes.',
  );
}
