/** The parts of an address like `users/$DeadLetterQueue/$management`. */
export type EntityPath = {
  readonly queue: string;
  readonly isDeadLetter: boolean;
  readonly isManagement: boolean;
};

const managementSuffix = '/$management';
const deadLetterSuffix = '/$deadletterqueue';

/** Reads an address; names are case-insensitive. */
export function parseEntityPath(address: string): EntityPath {
  let rest = address.toLowerCase().replace(/^\/+|\/+$/g, '');
  const isManagement = rest.endsWith(managementSuffix);
  if (isManagement) rest = rest.slice(0, -managementSuffix.length);
  const isDeadLetter = rest.endsWith(deadLetterSuffix);
  if (isDeadLetter) rest = rest.slice(0, -deadLetterSuffix.length);
  return { queue: rest, isDeadLetter, isManagement };
}
