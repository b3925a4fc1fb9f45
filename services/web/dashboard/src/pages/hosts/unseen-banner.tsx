import type { Host } from '@llm-monitor/contracts/rest';

import { Icon } from '../../components/icon.tsx';
import { WithCode } from '../../components/with-code.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { proxyAddress } from '../../routing/proxy-address.ts';
import { providerName } from './provider-name.ts';

interface UnseenBannerProps {
  activity: NonNullable<Host['unseen_activity']>;
  server: Host['server'];
}

/** Somebody uses the server and is not seen: how that is known, and what to do. */
export function UnseenBanner({ activity, server }: UnseenBannerProps) {
  const { t, format } = useI18n();
  const name = server ? providerName(server.provider) : t.hosts.server;
  return (
    <div class="host-banner" data-testid="unseen-banner">
      <Icon name="unseen" />
      <div>
        <p>
          <b title={format.dateTime(activity.since)}>
            {t.hosts.unseen(name, format.clock(activity.since))}
          </b>{' '}
          {activity.model && `${t.hosts.unseenModel(activity.model)} `}
          {t.hosts.unseenEvidence[activity.evidence]}
        </p>
        <p>
          <WithCode text={t.hosts.unseenFix(proxyAddress())} />
        </p>
      </div>
    </div>
  );
}
