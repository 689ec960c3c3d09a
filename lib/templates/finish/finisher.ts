import { renderFault, textOf } from '../faults.js';
import { TemplateError } from '../template.error.js';
import { loadInlineCss } from './inline-css.js';
import { loadToText, type ToText } from './text-from-html.js';

/** What is done with html that a template wrote. */
export interface FinishSettings {
  readonly inlineCss: boolean;
  readonly text: 'from-html' | 'none' | ToText;
}

/** Finishes what templates write. Loads what it needs once. */
export class Finisher {
  readonly #settings: FinishSettings;
  #inline: Promise<(html: string) => string> | undefined;
  #toText: Promise<ToText> | undefined;

  constructor(settings: FinishSettings) {
    this.#settings = settings;
  }

  /**
   * Loads all that may be needed.
   *
   * @throws TemplateError that says what to install
   */
  async load(): Promise<void> {
    await this.html('', OPTIONS_FILE);
    await this.text('', OPTIONS_FILE);
  }

  /** The html as it is sent. */
  async html(html: string, file: string): Promise<string> {
    if (!this.#settings.inlineCss) return html;
    this.#inline ??= loadInlineCss();
    return finish(file, this.#inline, html);
  }

  /** The plain text of html, unless none is to be made. */
  async text(html: string, file: string): Promise<string | undefined> {
    const { text } = this.#settings;
    if (text === 'none') return undefined;
    this.#toText ??=
      text === 'from-html' ? loadToText() : Promise.resolve(text);
    return finish(file, this.#toText, html);
  }
}

/** What errors name when no template is at fault. */
const OPTIONS_FILE = '(every template)';

async function finish(
  file: string,
  loading: Promise<ToText>,
  html: string,
): Promise<string> {
  const work = await loading.catch((error: unknown) => {
    throw unready(file, error);
  });
  try {
    return await work(html);
  } catch (error) {
    throw renderFault(file, error);
  }
}

function unready(file: string, cause: unknown): TemplateError {
  const problem = `cannot be finished: ${textOf(cause)}`;
  return new TemplateError([{ file, problem }], { cause });
}

/** A subject is one line. */
export function oneLine(subject: string): string {
  return subject.replace(/\s*[\r\n\v\f\u0085\u2028\u2029]+\s*/g, ' ').trim();
}
