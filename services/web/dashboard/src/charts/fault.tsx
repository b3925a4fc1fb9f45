import { Icon } from '../components/icon.tsx';
import { useChartTexts } from './chart-texts.ts';

/** What could not be read, and another try. What was shown before stays. */
export function Fault({ said, onAgain }: { said: string; onAgain: () => void }) {
  const texts = useChartTexts();
  return (
    <p class="notice is-warning" role="alert">
      <Icon name="error" />
      <span>{texts.fault(said)}</span>
      <button type="button" class="button is-small" onClick={onAgain}>
        {texts.again}
      </button>
    </p>
  );
}
