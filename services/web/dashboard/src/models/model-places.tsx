import type { ModelStats } from '@llm-monitor/contracts/rest';

import { useI18n } from '../i18n/i18n.ts';

/** What a model is, and on which machines it is installed. */
export function ModelPlaces({ model }: { model: ModelStats }) {
  const { t, format } = useI18n();
  const [first] = model.hosts;
  if (!first) return null;
  const parts = [
    first.parameter_size,
    first.quantization,
    first.size_bytes === null ? null : format.bytes(first.size_bytes),
    t.modelsPage.onHosts(model.hosts.map(({ host }) => host).join(', ')),
  ];
  return <span class="model-places">{parts.filter(Boolean).join(' · ')}</span>;
}
