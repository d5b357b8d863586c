/** What a cloud object is: everything in the flow is one of the two. */
export type Kind = 'user' | 'group';

/** Entra object id: a GUID in lower case with dashes. */
export type ObjectId = string & { readonly __brand: 'ObjectId' };

const guidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The object id in its one spelling (lower case), or undefined where the text is not a GUID. */
export function objectIdFrom(text: string): ObjectId | undefined {
  const lower = text.trim().toLowerCase();
  return guidText.test(lower) ? (lower as ObjectId) : undefined;
}
