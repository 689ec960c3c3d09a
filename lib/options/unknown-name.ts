import { MailDefaultsOptions } from './mail-defaults.options.js';
import { lettersOf, nearestName } from './nearest-name.js';
import { OptionGroup, type UnknownName } from './option-group.js';

const KEY = 'use `apiKey` (the user name is always "apikey")';
const TLS_STAYS = 'TLS and its checks cannot be switched off; see `tls.ca`';

/** Names people bring from elsewhere, in lower case, and what to write. */
const FOREIGN = new Map([
  ['auth', KEY],
  ['user', KEY],
  ['username', KEY],
  ['pass', KEY],
  ['password', KEY],
  ['secret', KEY],
  ['key', KEY],
  ['token', KEY],
  ['secure', 'use `security`, or leave it to `port`'],
  ['requiretls', 'use `security`; "starttls" is always required'],
  ['ignoretls', TLS_STAYS],
  ['opportunistictls', TLS_STAYS],
  ['rejectunauthorized', TLS_STAYS],
  ['tls.rejectunauthorized', TLS_STAYS],
  ['transport', 'write its options here: `apiKey`, `host`, `port`'],
  ['from', 'use `defaults.from`'],
  ['replyto', 'use `defaults.replyTo`'],
  ['headers', 'use `defaults.headers`'],
  ['name', 'give `name` beside `useFactory`, or use `ehloName`'],
  ['isglobal', 'give `isGlobal` beside `useFactory`'],
  ['connectiontimeout', 'use `timeouts.connectMs`'],
  ['greetingtimeout', 'use `timeouts.greetingMs`'],
  ['sockettimeout', 'use `timeouts.commandMs`'],
  ['maxmessages', 'use `pool.maxMessagesPerConnection`'],
  ['pool.maxmessages', 'use `pool.maxMessagesPerConnection`'],
]);

/**
 * Explains an unknown name, with the nearest right one where there is one.
 * `known` is the root group as it is before it takes anything.
 */
export function unknownNameProblem(
  { group, path, name }: UnknownName,
  known: OptionGroup,
): string {
  const prefix = path === '' ? '' : `${path}.`;
  const advice = FOREIGN.get(`${prefix}${name}`.toLowerCase());
  if (advice !== undefined) return `is not an option: ${advice}`;
  const names = OptionGroup.namesOf(group);
  const nearest = nearestName(name, names);
  const right =
    nearest === undefined ? elsewhere(name, known) : `${prefix}${nearest}`;
  return right === undefined
    ? `is not an option; the options here are ${names.map((one) => `\`${one}\``).join(', ')}`
    : `is not an option: did you mean \`${right}\`?`;
}

/** The path of the option that has this very name in another group. */
function elsewhere(name: string, known: OptionGroup): string | undefined {
  return pathsOf(known).find(
    (path) => lettersOf(path.split('.').at(-1) ?? '') === lettersOf(name),
  );
}

function pathsOf(known: OptionGroup): string[] {
  return OptionGroup.namesOf(known).flatMap((name) => {
    const value: unknown = Reflect.get(known, name);
    return value instanceof OptionGroup &&
      !(value instanceof MailDefaultsOptions)
      ? OptionGroup.namesOf(value).map((inner) => `${name}.${inner}`)
      : [name];
  });
}
