import type { CompiledTemplate } from '../template-engine.js';
import type { FoundTemplate, TemplateResolver } from '../template-resolver.js';
import { loadPeer } from './load-peer.js';

/** A component of React, of any props. */
export type ReactEmailComponent =
  ((props: never) => unknown) | (new (props: never) => unknown);

/** A template of React Email. The context is its props. */
export interface ReactEmailTemplate {
  readonly component: ReactEmailComponent;

  /** The subject, or what makes it of the props. */
  readonly subject?: string | ((props: never) => string) | undefined;

  /** What makes the plain text of the props; by default it is made of the html. */
  readonly text?: ((props: never) => string) | undefined;
}

/** Templates of React Email by name; `de/welcome` is `welcome` in the locale `de`. */
export type ReactEmailTemplates = Readonly<
  Record<string, ReactEmailComponent | ReactEmailTemplate>
>;

/** What of React and React Email is used. */
interface React {
  createElement(component: unknown, props: object): unknown;
}
interface ReactEmail {
  render(element: unknown): Promise<string>;
}

/**
 * Makes a resolver of React components. React escapes what it shows. Needs the
 * packages @react-email/render, react and react-dom.
 */
export function reactEmail(templates: ReactEmailTemplates): TemplateResolver {
  const byName = new Map(Object.entries(templates));
  return {
    resolve: (name, locale) => {
      const path = locale === undefined ? name : `${locale}/${name}`;
      const template = byName.get(path);
      return template && foundOf(template);
    },
    list: async () => {
      // What is missing shows at start then.
      await load();
      return Array.from(byName.keys(), (name) => ({ name }));
    },
  };
}

function foundOf(
  template: ReactEmailComponent | ReactEmailTemplate,
): FoundTemplate {
  if (typeof template === 'function') return { html: htmlOf(template) };
  const { component, subject, text } = template;
  return {
    html: htmlOf(component),
    subject: typeof subject === 'string' ? () => subject : written(subject),
    text: written(text),
  };
}

function htmlOf(component: ReactEmailComponent): CompiledTemplate {
  return async (context) => {
    const { react, email } = await load();
    return email.render(react.createElement(component, context));
  };
}

async function load(): Promise<{ react: React; email: ReactEmail }> {
  const react: unknown = await loadPeer('react', () => import('react'));
  const email: unknown = await loadPeer(
    '@react-email/render',
    () => import('@react-email/render'),
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the part of their interfaces that is used
  return { react, email } as { react: React; email: ReactEmail };
}

function written(
  write: ((props: never) => string) | undefined,
): CompiledTemplate | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- which props a template takes is between it and whoever names it
  return write as CompiledTemplate | undefined;
}
