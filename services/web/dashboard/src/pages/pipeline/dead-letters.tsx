import type { DeadLetter, Pipeline } from '@llm-monitor/contracts/rest';
import { useEffect, useState } from 'preact/hooks';

import { useApp } from '../../app-context.ts';
import { Section } from '../../components/section.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { reasonOf } from '../../rest/api.ts';
import { usePipelineTexts } from './pipeline-texts.ts';

const PAGE = 20;

/** Messages that could not be used. Their text is hostile input: it is shown, never interpreted. */
export function DeadLetters({ kept }: { kept: Pipeline['dead_letters'] }) {
  const count = kept?.count ?? null;
  const texts = usePipelineTexts();
  const { format } = useI18n();
  const { letters, said, act, readMore } = useDeadLetters(kept);
  return (
    <Section title={texts.letters} note={count === null ? undefined : format.count(count)}>
      <p class="letters-said quiet" role="status">
        {said || texts.lettersHint}
      </p>
      {letters?.length === 0 && <p class="nothing">{texts.noLetters}</p>}
      <ul class="letters">
        {letters?.map((letter) => (
          <OneLetter key={letter.sequence} letter={letter} act={act} />
        ))}
      </ul>
      {letters !== null && count !== null && letters.length < count && letters.length >= PAGE && (
        <p class="button-row letters-more">
          <button type="button" class="button" onClick={readMore}>
            {texts.more}
          </button>
        </p>
      )}
    </Section>
  );
}

interface LetterProps {
  letter: DeadLetter;
  act: (what: 'retry' | 'remove', sequence: number) => void;
}

function OneLetter({ letter, act }: LetterProps) {
  const texts = usePipelineTexts();
  const { format } = useI18n();
  const { sequence } = letter;
  return (
    <li class="letter" data-testid="dead-letter" data-sequence={sequence}>
      <p class="letter-head">
        <strong>{texts.reasons[letter.reason]}</strong>
        <span class="mono">{letter.subject}</span>
        <span class="quiet number">{format.moment(letter.at)}</span>
      </p>
      <p class="letter-why">{letter.detail}</p>
      {letter.body !== '' && <pre class="letter-body">{letter.body}</pre>}
      <p class="button-row">
        <button type="button" class="button is-small" onClick={() => act('retry', sequence)}>
          {texts.retry}
        </button>
        <button type="button" class="button is-small" onClick={() => act('remove', sequence)}>
          {texts.remove}
        </button>
      </p>
    </li>
  );
}

function useDeadLetters(kept: Pipeline['dead_letters']) {
  const texts = usePipelineTexts();
  const { api } = useApp();
  const [letters, setLetters] = useState<DeadLetter[] | null>(null);
  const [said, setSaid] = useState('');
  const refuse = (error: unknown) => setSaid(texts.refused(reasonOf(error)));
  useEffect(() => {
    let isShown = true;
    if (kept !== null) {
      api.readDeadLetters(null).then((page) => isShown && setLetters(page), refuse);
    }
    return () => {
      isShown = false;
    };
  }, [kept?.count, kept?.last_at]);
  const readMore = () => {
    const last = letters?.at(-1);
    if (!last) return;
    api.readDeadLetters(last.sequence).then((page) => {
      setLetters((before) => [...(before ?? []), ...page]);
    }, refuse);
  };
  const act = (what: 'retry' | 'remove', sequence: number) => {
    const work = what === 'retry' ? api.retryDeadLetter(sequence) : api.removeDeadLetter(sequence);
    work.then(() => {
      setLetters((before) => before?.filter((letter) => letter.sequence !== sequence) ?? null);
      setSaid(what === 'retry' ? texts.retried : texts.removed);
    }, refuse);
  };
  return { letters, said, act, readMore };
}
