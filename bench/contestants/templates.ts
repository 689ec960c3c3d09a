import { createTemplates } from '../../lib/templates/create-templates.js';
import { mailOf } from '../mail.js';
import { inRepository, loadPeer } from '../peers.js';
import { trusted } from '../trusted.js';
import type { Load, Sender, Target } from './contestant.js';
import { openMailer } from './nest-mailer.js';
import { openModule } from './own-module.js';

const DIRECTORY = 'bench/templates';
const TEMPLATE = 'order';

/** Opens a library that renders the template, and puts its CSS into attributes or not. */
type Open = (target: Target, load: Load) => Promise<Sender>;

interface AdapterPackage {
  readonly HandlebarsAdapter: new (helpers: object, config: object) => object;
}

/** This library with a template of Handlebars, as in production. */
export function ownTemplate(inlineCss: boolean): Open {
  return async (target) => {
    const templates = createTemplates({
      directory: inRepository(DIRECTORY),
      cacheMs: Infinity,
      text: 'none',
      inlineCss,
    });
    const { mail, close } = await openModule(target, { templates });
    return { send: (n) => mail.send(templated(n)), close };
  };
}

/**
 * @nestjs-modules/mailer with its adapter of Handlebars, which is the root's:
 * the same that the other renders with.
 */
export function nestMailerTemplate(inlineCssEnabled: boolean): Open {
  return async (target) => {
    const { HandlebarsAdapter } = trusted<AdapterPackage>(
      loadPeer('@nestjs-modules/mailer/adapters/handlebars.adapter'),
    );
    const template = {
      dir: inRepository(DIRECTORY),
      adapter: new HandlebarsAdapter({}, { inlineCssEnabled }),
      options: { strict: true },
    };
    const { mailer, close } = await openMailer(target, { template });
    return { send: (n) => mailer.sendMail(templated(n)), close };
  };
}

function templated(n: number): {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly template: string;
  readonly context: object;
} {
  const { from, to, subject } = mailOf(n);
  const name = `Customer ${n}`;
  const note = 'Left & right, <up> and "down"';
  const context = { number: n, name, items: ITEMS, note };
  return { from, to, subject, template: TEMPLATE, context };
}

const ITEMS = Array.from({ length: 10 }, (_, n) => ({
  name: `Article ${n + 1}`,
  price: `${n + 1}.99`,
}));
