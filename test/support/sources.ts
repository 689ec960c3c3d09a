import { fileURLToPath } from 'node:url';

const lib = (path: string): string =>
  fileURLToPath(new URL(`../../lib/${path}`, import.meta.url));

/** Has tests that import the package by its name read its sources. */
export const BY_NAME = [
  { find: /^nestjs-sendgrid-smtp$/, replacement: lib('index.ts') },
  {
    find: /^nestjs-sendgrid-smtp\/([a-z-]+)$/,
    replacement: lib('$1/index.ts'),
  },
];

/** Vite does not emit decorator metadata unless told to; Nest's injector needs it. */
export const DECORATORS = {
  decorator: { legacy: true, emitDecoratorMetadata: true },
};
