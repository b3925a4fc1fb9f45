import { CliError } from '../cli-error.ts';
import { oneLine } from '../terminal/printable.ts';
import type { Checkout } from './checkout.ts';

const MOST_FILES = 5;

/** What there is, for a person. */
export function describeCheckout({ head, upstream, behind, news }: Checkout): string {
  const here = `at ${head.slice(0, 7)}`;
  if (behind === 0) return `Up to date, ${here}: ${upstream} has nothing new.`;
  const more = behind > news.length ? [`  … and ${behind - news.length} more`] : [];
  const title = `${behind} ${behind === 1 ? 'commit' : 'commits'} newer in ${upstream} (${here}):`;
  return [title, ...news.map((line) => `  ${oneLine(line)}`), ...more].join('\n');
}

/** @throws {CliError} when it cannot simply go forward: what is only here must not be lost */
export function assertCanMove({ changed, ahead, upstream }: Checkout, root: string): void {
  if (changed.length > 0) {
    const shown = changed.slice(0, MOST_FILES).map((line) => `  ${line}`);
    throw new CliError('There are changes of your own in the checkout:', {
      hint: [...shown, `Keep them aside:  git -C ${root} stash`].join('\n'),
    });
  }
  if (ahead > 0) {
    throw new CliError(
      `The checkout has ${ahead} ${ahead === 1 ? 'commit' : 'commits'} that ${upstream} has not.`,
      {
        hint: `Bring them together yourself:  git -C ${root} rebase ${upstream}`,
      },
    );
  }
}
