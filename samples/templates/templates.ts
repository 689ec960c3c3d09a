import { fileURLToPath } from 'node:url';
import { createTemplates } from 'nestjs-sendgrid-smtp/templates';

/** Those in `views`, which stay where they are when this is compiled. */
export const templates = createTemplates({
  directory: fileURLToPath(
    new URL('../../../templates/views', import.meta.url),
  ),
  layout: 'layouts/main',
  fallbackLocale: 'en',
  inlineCss: true,
});
