import type { AlertChannel, AlertChannels } from '@llm-monitor/contracts/alerts';
import { useState } from 'preact/hooks';

import { Section } from '../../../components/section.tsx';
import { SkeletonRows } from '../../../components/skeleton-rows.tsx';
import { useI18n } from '../../../i18n/i18n.ts';
import { isViewer } from '../../../rest/access.ts';
import { useAnswer } from '../../../rest/use-answer.ts';
import { ChannelForm } from './channel-form.tsx';
import { ChannelRow } from './channel-row.tsx';
import { useChannelTexts } from './channel-texts.ts';
import { readChannels } from './channels-api.ts';

const EVERY_MS = 5000;

/** Who is told when something is wrong, and how. */
export function ChannelsSection() {
  const texts = useChannelTexts();
  const { format } = useI18n();
  const { value, fault, again } = useAnswer('channels', EVERY_MS, readChannels);
  const [edited, setEdited] = useState<AlertChannel | 'new' | null>(null);
  const canAdd = value !== null && value.kinds.length > 0 && !isViewer();
  return (
    <Section
      title={texts.title}
      note={value?.channels.length ? format.count(value.channels.length) : undefined}
      aside={
        <button
          type="button"
          class="button is-small rule-tools"
          data-testid="add-channel"
          title={isViewer() ? texts.viewer : undefined}
          aria-disabled={!canAdd || undefined}
          onClick={() => canAdd && setEdited('new')}
        >
          {texts.add}
        </button>
      }
    >
      {fault !== null && (
        <p class="nothing" role="alert">
          {texts.fault(fault)}
        </p>
      )}
      {!value && fault === null && <SkeletonRows rows={2} />}
      {value && <ChannelList value={value} onEdit={setEdited} onChanged={again} />}
      {value && edited && (
        <ChannelForm
          kinds={value.kinds}
          channel={edited === 'new' ? null : edited}
          taken={value.channels.map(({ id }) => id)}
          onSaved={() => {
            setEdited(null);
            again();
          }}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  );
}

interface ListProps {
  value: AlertChannels;
  onEdit: (channel: AlertChannel) => void;
  onChanged: () => void;
}

function ChannelList({ value: { channels, kinds }, onEdit, onChanged }: ListProps) {
  const texts = useChannelTexts();
  if (channels.length === 0) {
    return (
      <div class="nothing" data-testid="no-channels">
        <p>{texts.none}</p>
        <p>{kinds.length > 0 ? texts.noneHint : texts.noKinds}</p>
      </div>
    );
  }
  return (
    <ul class="alert-list">
      {channels.map((channel) => (
        <ChannelRow
          key={channel.id}
          channel={channel}
          kind={kinds.find(({ kind }) => kind === channel.kind)}
          onEdit={() => onEdit(channel)}
          onChanged={onChanged}
        />
      ))}
    </ul>
  );
}
