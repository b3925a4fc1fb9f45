import type { AnyRequest } from '@llm-monitor/contracts/rest';
import { useId } from 'preact/hooks';

import { useApp } from '../app-context.ts';
import { CallBadge } from '../calls/call-badge.tsx';
import { CancelButton } from '../calls/cancel-button.tsx';
import { CostFacts } from '../costs/cost-facts.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { CallFacts } from './call-facts.tsx';
import { CallFigures } from './call-figures.tsx';
import { CallTexts } from './call-texts.tsx';
import { CallTime } from './call-time.tsx';
import { CallTrouble } from './call-trouble.tsx';
import { DeleteButton } from './delete-button.tsx';
import { basePath } from '../routing/base-path.ts';
import { Neighbours } from './neighbours.tsx';
import { CallVerdicts } from '../verdicts/call-verdicts.tsx';
import { useCall, type KnownCall } from './use-call.ts';
import '../styles/pages.css';

/** One call in all its details, running or ended. */
export function CallDrawer({ id }: { id: string }) {
  const { router } = useApp();
  const titleId = useId();
  const known = useCall(id);
  return (
    <Dialog
      class="is-drawer"
      labelledBy={titleId}
      testId="call-drawer"
      onClose={router.closeRequest}
    >
      <DrawerHead id={id} titleId={titleId} call={known.state === 'known' ? known.call : null} />
      <div class="drawer-content" tabIndex={0} role="group" aria-labelledby={titleId}>
        {known.state === 'known' ? <CallDetails call={known.call} /> : <NoCall known={known} />}
      </div>
    </Dialog>
  );
}

interface DrawerHeadProps {
  id: string;
  titleId: string;
  call: AnyRequest | null;
}

function DrawerHead({ id, titleId, call }: DrawerHeadProps) {
  const { t } = useI18n();
  const { router } = useApp();
  return (
    <div class="drawer-head">
      <div class="drawer-title">
        <h2 id={titleId}>{call ? t.drawer.title(call.model) : id}</h2>
        <Neighbours id={id} />
        <button
          type="button"
          class="button is-icon"
          aria-label={t.close}
          title={t.close}
          autofocus
          data-testid="drawer-close"
          onClick={router.closeRequest}
        >
          <Icon name="close" />
        </button>
      </div>
      <div class="drawer-state">
        {call && <CallBadge call={call} />}
        <span class="drawer-app">{call?.app}</span>
      </div>
      <div class="drawer-actions">
        {call?.status === 'running' && <CancelButton call={call} hasEnded={false} />}
        <CopyButton text={id} label={t.drawer.copyId} />
        <CopyButton text={window.location.href} label={t.drawer.copyLink} />
        {call && <CopyButton text={curlOf(call)} label={t.drawer.copyCurl} />}
        {call && call.status !== 'running' && <DeleteButton call={call} />}
      </div>
    </div>
  );
}

/** Asks for the same that the drawer shows. Where a token is needed it has to be added: none is written anywhere. */
function curlOf({ id, app }: AnyRequest): string {
  const path = `${basePath()}/api/requests/${encodeURIComponent(id)}?app=${encodeURIComponent(app)}`;
  return `curl '${window.location.origin}${path}'`;
}

function CallDetails({ call }: { call: AnyRequest }) {
  return (
    <>
      {call.status !== 'running' && <CallTrouble call={call} />}
      <CallVerdicts call={call} />
      <CallTime call={call} />
      <CallFigures call={call} />
      {call.status !== 'running' && (
        <CostFacts energyWh={call.resources?.energy_wh} cost={call.cost} />
      )}
      <CallTexts call={call} />
      <CallFacts call={call} />
    </>
  );
}

function NoCall({ known }: { known: Exclude<KnownCall, { state: 'known' }> }) {
  const { t } = useI18n();
  if (known.state === 'looking') return <p class="quiet">{t.drawer.loading}</p>;
  return (
    <div class="drawer-part" role="alert">
      <h3>{known.state === 'fault' ? t.drawer.faultTitle : t.drawer.missingTitle}</h3>
      <p>{known.state === 'fault' ? t.error.said(known.reason) : t.drawer.missing}</p>
    </div>
  );
}
