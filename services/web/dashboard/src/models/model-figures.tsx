import type { ModelStats } from '@llm-monitor/contracts/rest';

import { Cell } from '../components/cell.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { meanOf } from '../live/figures.ts';

export function ModelFigures({ model }: { model: ModelStats }) {
  const { t, format } = useI18n();
  const { columns } = t;
  return (
    <>
      <Cell column="calls" title={columns.calls} isNumber>
        {format.count(model.total_requests)}
      </Cell>
      <Cell column="success" title={columns.success} isNumber>
        {format.percent(model.success_rate)}
      </Cell>
      <Cell column="mean" title={columns.mean} isNumber>
        {format.duration(meanOf(model))}
      </Cell>
      <Cell column="p50" title={columns.p50} isNumber>
        {format.duration(model.p50)}
      </Cell>
      <Cell column="p95" title={columns.p95} isNumber>
        {format.duration(model.p95)}
      </Cell>
      <Cell column="p99" title={columns.p99} isNumber>
        {format.duration(model.p99)}
      </Cell>
      <Cell column="first" title={columns.firstToken} isNumber>
        {format.duration(model.time_to_first_token)}
      </Cell>
      <Cell column="rate" title={columns.rate} isNumber>
        {format.rate(model.tokens_per_second)}
      </Cell>
      <Cell column="tokens" title={columns.tokens} isNumber>
        {format.count(model.total_tokens)}
      </Cell>
    </>
  );
}
