/** Says what is wrong with a key that was given, without printing any of it. */
export function apiKeyProblem(key: unknown): string | undefined {
  if (typeof key !== 'string')
    return `must be a string holding a SendGrid API key, but its type is ${typeof key}`;
  if (/\s/.test(key)) return whiteSpaceProblem(key);
  if (/[^\x21-\x7e]/.test(key))
    return 'must be printable ASCII, but holds a control or non-ASCII character: copy the key again';
  return mistakenKeyProblem(key);
}

/** What is unusual about a key but may work. */
export function apiKeyWarning(key: string): string | undefined {
  return /^SG\.[\w-]{22}\.[\w-]{43}$/.test(key)
    ? undefined
    : '`apiKey` does not look like a SendGrid API key ("SG.", 22 characters, ".", 43 characters): check that it was copied whole and without quotes';
}

function whiteSpaceProblem(key: string): string {
  const places = [
    ...(/^\s/.test(key) ? ['leading'] : []),
    ...(/\S\s+\S/.test(key) ? ['inner'] : []),
    ...(/\s$/.test(key) ? ['trailing'] : []),
  ].join(' and ');
  const kind = /[\r\n]/.test(key) ? 'white space with a line feed' : 'blanks';
  return `must hold no white space, but has ${places} ${kind}: a line-wrapped or newline-terminated secret is the usual cause (write it with \`printf %s\`, not \`echo\`)`;
}

function mistakenKeyProblem(key: string): string | undefined {
  // Base64 of "apikey:" and of NUL "apikey", as AUTH PLAIN sends it.
  if (/^(?:YXBpa2V5O|AGFwaWtleQ)/.test(key))
    return 'is base64 of user name and key: give the key itself, as SendGrid showed it; encoding is done for you';
  if (key.startsWith('U0cu'))
    return 'is the base64 form of a key: give the key itself, which starts with "SG."; a Kubernetes secret decoded once too little is the usual cause';
  return /^[\w-]{22}$/.test(key)
    ? 'is the ID of a key, not the key: the key starts with "SG." and is shown only once, when it is created; create a new one if it is lost'
    : undefined;
}
