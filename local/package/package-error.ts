/** Something that the reader can put right: the message is meant for people. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}
