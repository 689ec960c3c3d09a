const PATH = /^:?[\w.~-]+(?:\/:?[\w.~-]+)*$/;

/** What is wrong with the path of the controller, whose slashes at the ends are gone. */
export function pathProblem(path: unknown): string | undefined {
  if (path === false) return undefined;
  return typeof path === 'string' && PATH.test(path)
    ? undefined
    : "must be a path such as 'hooks/sendgrid', of names and :parameters, or " +
        '`false` for no controller; when it comes from an environment ' +
        'variable, that may be unset or empty here';
}
