import type { MailAttachment } from '../message/mail-message.js';
import {
  compilePart,
  sourceOf,
  type CompiledPart,
  type Engines,
  type PartOwner,
} from './compile-part.js';
import { checkName } from './find/template-name.js';
import type { TemplateSources } from './find/template-sources.js';
import type { TemplatePart } from './template-engine.js';
import type { FoundTemplate } from './template-resolver.js';
import { TemplateError } from './template.error.js';

/** A template, ready to write. */
export interface CompiledMail {
  readonly file: string;
  readonly html: CompiledPart['write'] | undefined;
  readonly text: CompiledPart['write'] | undefined;
  readonly subject: CompiledPart['write'] | undefined;
  readonly attachments: readonly MailAttachment[] | undefined;
}

/** What templates are compiled with. */
export interface Workshop {
  readonly sources: TemplateSources;
  readonly engines: Engines;

  /** Names the layout of a template. */
  readonly layoutOf: (name: string) => string | undefined;

  /** What the names of partials stand behind. */
  readonly partials: string;
}

type CompiledParts = Partial<Record<TemplatePart, CompiledPart>>;

type Locales = readonly (string | undefined)[];

/**
 * Finds and compiles a template with its layout and partials.
 *
 * @throws TemplateError
 */
export async function compileTemplate(
  name: string,
  locales: Locales,
  workshop: Workshop,
): Promise<CompiledMail> {
  const located = await workshop.sources.find(name, locales);
  if (located === undefined) throw absent(name, locales);
  const { found, locale } = located;
  const file = locale === undefined ? name : `${locale}/${name}`;
  const parts = await partsOf(file, found, locales, workshop);
  const { html, text, subject } = parts;
  if (Object.keys(parts).length === 0) {
    const problem = 'has neither html nor text nor subject';
    throw new TemplateError([{ file, problem }]);
  }
  const layout = await layoutFor(name, locales, workshop);
  return {
    file,
    html: html && wrapped(html, layout.html),
    text: text && wrapped(text, layout.text),
    subject: subject?.write,
    attachments: found.attachments,
  };
}

async function layoutFor(
  template: string,
  locales: Locales,
  workshop: Workshop,
): Promise<CompiledParts> {
  const name = workshop.layoutOf(template);
  if (name === undefined || name === template) return {};
  const located = await workshop.sources.find(name, locales);
  if (located === undefined) throw absent(name, locales, 'layout ');
  const { html, text } = located.found;
  return partsOf(name, { html, text }, locales, workshop);
}

/** One after the other, so that the first fault is told and no other is lost. */
async function partsOf(
  name: string,
  found: FoundTemplate,
  locales: Locales,
  workshop: Workshop,
): Promise<CompiledParts> {
  const compile = async (part: TemplatePart): Promise<CompiledParts> => {
    const given = found[part];
    // A column of a database may be null.
    if (given == null) return {};
    const owner = ownerOf(name, part, locales, workshop);
    const compiled = await compilePart(given, owner, workshop.engines);
    return { [part]: compiled };
  };
  const html = await compile('html');
  const text = await compile('text');
  return { ...html, ...text, ...(await compile('subject')) };
}

/** The layout has what the template wrote as `body`. */
function wrapped(
  inner: CompiledPart,
  layout: CompiledPart | undefined,
): CompiledPart['write'] {
  if (layout === undefined || inner.isWhole) return inner.write;
  return async (context) => {
    const body = await inner.write(context);
    return layout.write({ ...context, body });
  };
}

function ownerOf(
  name: string,
  part: TemplatePart,
  locales: Locales,
  workshop: Workshop,
): PartOwner {
  const partial: PartOwner['partial'] = async (asked, file) => {
    const bare = withoutExtension(asked, workshop.engines);
    checkName(bare, file);
    const path = `${workshop.partials}/${bare}`;
    const located = await workshop.sources.find(path, locales);
    const text = located?.found[part];
    if (typeof text === 'object') {
      return sourceOf(text, ownerOf(path, part, locales, workshop));
    }
    const problem = `needs the partial ${JSON.stringify(asked)}, and there is no ${part} of ${path}`;
    throw new TemplateError([{ file, problem }]);
  };
  return { name, part, partial };
}

/** `./footer.ejs` is what editors complete `footer` to. */
function withoutExtension(name: string, engines: Engines): string {
  const [, bare = name, extension = ''] =
    /^(?:\.\/)?(.*?)(?:\.([^./]+))?$/.exec(name) ?? [];
  const isFile = extension === '' || Object.hasOwn(engines, extension);
  return isFile ? bare : `${bare}.${extension}`;
}

function absent(name: string, locales: Locales, what = ''): TemplateError {
  const wanted = locales.filter((locale) => locale !== undefined);
  const where = ['', ...wanted.map((locale) => `${locale}/`)];
  const looked = where.map((folder) => `${folder}${name}.*`).join(', ');
  const problem = `is not there: neither a resolver nor the directory has the ${what}template (${looked})`;
  return new TemplateError([{ file: name.slice(0, 256), problem }]);
}
