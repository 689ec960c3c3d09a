/** A node of Handlebars' syntax tree, and whatever it holds. */
export type SyntaxNode = object;

/** The partials that a template names in so many words, without those inside it. */
export function partialNames(program: SyntaxNode): string[] {
  const named = new Set<string>();
  const inline = new Set<string>();
  visit(program, (node) => {
    const type = textIn(node, 'type');
    if (type === 'PartialStatement' || type === 'PartialBlockStatement') {
      const name = textIn(objectIn(node, 'name'), 'original');
      // A computed name has none, and this one is the caller's block.
      if (name !== undefined && name !== '@partial-block') named.add(name);
    }
    if (type === 'DecoratorBlock') {
      const [param] = listIn(node, 'params');
      const name = textIn(Object(param), 'value');
      if (name !== undefined) inline.add(name);
    }
  });
  return [...named].filter((name) => !inline.has(name));
}

function visit(node: unknown, see: (node: object) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) see(node);
  for (const child of Object.values(node)) visit(child, see);
}

function objectIn(node: object, name: string): object {
  const value: unknown = Reflect.get(node, name);
  return typeof value === 'object' && value !== null ? value : {};
}

function listIn(node: object, name: string): unknown[] {
  const value: unknown = Reflect.get(node, name);
  return Array.isArray(value) ? value : [];
}

function textIn(node: object, name: string): string | undefined {
  const value: unknown = Reflect.get(node, name);
  return typeof value === 'string' ? value : undefined;
}
