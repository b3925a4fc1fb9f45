import { useState } from 'preact/hooks';

import { useApp, useRoute } from '../app-context.ts';
import { Icon } from '../components/icon.tsx';
import { isViewer } from '../rest/access.ts';
import { reasonOf } from '../rest/api.ts';
import { addressOf } from '../routing/route.ts';
import { useStore } from '../store/use-store.ts';
import { useDemoTexts } from './demo-texts.ts';

/** Starts demo traffic and goes to see it, or stops it. */
export function DemoButton({ does }: { does: 'start' | 'stop' }) {
  const texts = useDemoTexts();
  const { api, feed } = useApp();
  const { demo } = useRoute();
  const isRunning = useStore(feed.live, (live) => live?.demoRunning ?? false);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  if (does === 'stop' && !isRunning) return null;
  const press = () => {
    setBusy(true);
    setFault(null);
    const asked = does === 'start' ? api.startDemo() : api.stopDemo();
    asked.then(
      () => {
        setBusy(false);
        // Other traffic needs another connection: the page begins anew.
        if (does === 'start' && !demo) window.location.assign(addressOf('live', { demo: true }));
      },
      (error: unknown) => {
        setBusy(false);
        setFault(reasonOf(error));
      },
    );
  };
  const busyText = does === 'start' ? texts.starting : texts.stopping;
  return (
    <span class="demo-control">
      <button
        type="button"
        class="button is-small"
        disabled={isBusy || isViewer()}
        title={isViewer() ? texts.viewer : does === 'start' ? texts.startHint : undefined}
        data-testid={`demo-${does}`}
        onClick={press}
      >
        <Icon name="demo" />
        {isBusy ? busyText : texts[does]}
      </button>
      {fault !== null && (
        <span role="alert" class="demo-fault">
          {texts.fault(fault)}
        </span>
      )}
    </span>
  );
}
