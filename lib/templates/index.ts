export { createTemplates } from './create-templates.js';
export { ejs } from './engines/ejs.js';
export { handlebars, type HandlebarsOptions } from './engines/handlebars.js';
export { mjml, type MjmlOptions } from './engines/mjml.js';
export {
  reactEmail,
  type ReactEmailComponent,
  type ReactEmailTemplate,
  type ReactEmailTemplates,
} from './engines/react-email.js';
export type { TemplatesOptions } from './options/templates-options.js';
export type {
  CompiledTemplate,
  TemplateEngine,
  TemplatePart,
  TemplateSource,
} from './template-engine.js';
export { TemplateError, type TemplateProblem } from './template.error.js';
export type {
  FoundTemplate,
  TemplateRef,
  TemplateResolver,
  TemplateText,
} from './template-resolver.js';
export { Templates } from './templates.js';
