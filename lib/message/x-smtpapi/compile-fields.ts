import { asmOf } from './asm.js';
import { categoriesOf } from './categories.js';
import { checkName } from './check-name.js';
import { customArgsOf } from './custom-args.js';
import { entriesOf, refused } from './field-checks.js';
import { givenFilters } from './given-filters.js';
import { batchIdOf, ipPoolOf, templateIdOf } from './handling-texts.js';
import { sendAtOf, sendEachAtOf } from './send-times.js';
import type { SendGridFields } from './sendgrid-fields.js';
import { substitutionsOf, type Substitutions } from './substitutions.js';
import { mailFilters, trackingFilters } from './typed-filters.js';
import type { XSmtpApi, XSmtpApiFilters } from './x-smtp-api.js';

/** What the fields come to without the recipients. */
export interface CompiledFields {
  /** Neither `to` nor `sub` is in it. */
  readonly api: XSmtpApi;

  readonly substitutions: Substitutions;
}

interface Compiled {
  readonly api?: XSmtpApi;
  readonly filters?: XSmtpApiFilters;
  readonly substitutions?: Substitutions;
}

const COMPILERS: Readonly<
  Record<keyof SendGridFields, (value: unknown, path: string) => Compiled>
> = {
  categories: (value, path) => ({
    api: { category: categoriesOf(value, path) },
  }),
  customArgs: (value, path) => ({
    api: { unique_args: customArgsOf(value, path) },
  }),
  sendAt: (value, path) => ({ api: { send_at: sendAtOf(value, path) } }),
  sendEachAt: (value, path) => ({
    api: { send_each_at: sendEachAtOf(value, path) },
  }),
  batchId: (value, path) => ({ api: { batch_id: batchIdOf(value, path) } }),
  asm: (value, path) => ({ api: asmOf(value, path) }),
  ipPoolName: (value, path) => ({ api: { ip_pool: ipPoolOf(value, path) } }),
  trackingSettings: (value, path) => ({
    filters: trackingFilters(value, path),
  }),
  mailSettings: (value, path) => ({ filters: mailFilters(value, path) }),
  templateId: (value, path) => ({
    filters: {
      templates: {
        settings: { enable: 1, template_id: templateIdOf(value, path) },
      },
    },
  }),
  substitutions: (value, path) => ({
    substitutions: substitutionsOf(value, path),
  }),
  filters: (value, path) => ({ filters: givenFilters(value, path) }),
};

const COMPILER_OF = new Map(Object.entries(COMPILERS));
const NAMES = [...COMPILER_OF.keys()];
const NONE: Substitutions = new Map();

/**
 * Checks every field by itself and gives what it is in an X-SMTPAPI header.
 *
 * @param path - what errors call the whole
 * @throws MailError `INVALID_MESSAGE` naming the field, and what SendGrid takes
 */
export function compileFields(fields: unknown, path: string): CompiledFields {
  const api: XSmtpApi = {};
  let substitutions = NONE;
  const filters = new Map<string, XSmtpApiFilters[string]>();
  for (const [name, value] of entriesOf(fields, path)) {
    checkName(name, NAMES, path);
    if (value === null) continue;
    const compiled = COMPILER_OF.get(name)?.(value, `${path}.${name}`) ?? {};
    Object.assign(api, compiled.api);
    substitutions = compiled.substitutions ?? substitutions;
    addFilters(filters, compiled.filters ?? {}, path);
  }
  if (api.send_at !== undefined && api.send_each_at !== undefined) {
    throw refused(
      path,
      'has both `sendAt` and `sendEachAt`; SendGrid drops such a message. ' +
        'Leave one out, or set it to `null` if the defaults have it.',
    );
  }
  if (filters.size === 0) return { api, substitutions };
  return {
    api: { ...api, filters: Object.fromEntries(filters) },
    substitutions,
  };
}

function addFilters(
  filters: Map<string, XSmtpApiFilters[string]>,
  more: XSmtpApiFilters,
  path: string,
): void {
  for (const [name, filter] of Object.entries(more)) {
    if (filters.has(name)) {
      throw refused(
        `${path}.filters`,
        `gives \`${name}\`, which another field gives too. Leave one out.`,
      );
    }
    filters.set(name, filter);
  }
}
