/** Puts values into `{{name}}`; what the context does not have stays as it is. */
export function fillIn(
  text: string,
  context: Readonly<Record<string, unknown>>,
  escape: (value: string) => string = (value) => value,
): string {
  return text.replace(/\{\{([^{}]+)\}\}/g, (_, inner: string) => {
    const name = inner.trim();
    const value = Object.hasOwn(context, name) ? context[name] : undefined;
    // oxlint-disable-next-line typescript/no-base-to-string -- what the context holds is the application's, and shown as it shows itself
    return value === undefined ? `{{${name}}}` : escape(String(value));
  });
}
