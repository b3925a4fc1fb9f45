import type { ComponentChildren, FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { useI18n } from '../i18n/i18n.ts';

interface LazyOptions<Properties> {
  load: () => Promise<FunctionComponent<Properties>>;
  /** keeps its place */
  waiting: ComponentChildren;
}

/** A view whose code is loaded when it is first shown. */
export function lazyView<Properties extends object>(options: LazyOptions<Properties>) {
  let loaded: FunctionComponent<Properties> | null = null;
  return function LazyView(properties: Properties) {
    const [tries, setTries] = useState(0);
    const [hasFailed, setFailed] = useState(false);
    const [, redraw] = useState({});
    useEffect(() => {
      if (loaded) return undefined;
      let isShown = true;
      setFailed(false);
      options.load().then(
        (view) => {
          loaded = view;
          if (isShown) redraw({});
        },
        () => isShown && setFailed(true),
      );
      return () => {
        isShown = false;
      };
    }, [tries]);
    const View = loaded;
    if (View) return <View {...properties} />;
    return hasFailed ? <LoadFault onRetry={() => setTries(tries + 1)} /> : <>{options.waiting}</>;
  };
}

/** A newer version was installed, or nobody serves it at the moment. */
function LoadFault({ onRetry }: { onRetry: () => void }) {
  const { t } = useI18n();
  return (
    <section class="panel message is-load-fault" role="alert">
      <h2>{t.loadFault}</h2>
      <p class="button-row">
        <button type="button" class="button" onClick={onRetry}>
          {t.connection.retryNow}
        </button>
        <button type="button" class="button" onClick={() => window.location.reload()}>
          {t.crashed.reload}
        </button>
      </p>
    </section>
  );
}
