const examples = new Map<string, object>();

/**
 * A whole body as an example, for one whose fields don't all go together: what readers of the document try out is a request
 * that means something.
 */
export function BodyExample(example: object): ClassDecorator {
  return ({ name }) => void examples.set(name, example);
}

/** What the schema of that name shows. */
export const bodyExampleOf = (schema: string): object | undefined => examples.get(schema);
