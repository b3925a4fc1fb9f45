/** Something that a person can put right: the message says how. */
export class RebuildError extends Error {
  override name = 'RebuildError';
}
