import type { PipelineStream } from '@llm-monitor/contracts/rest';

import { Cell } from '../../components/cell.tsx';
import { Table } from '../../components/table.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { usePipelineTexts } from './pipeline-texts.ts';

/** Each stream, and how far the collectors are with it. */
export function StreamTable({ streams }: { streams: readonly PipelineStream[] }) {
  const texts = usePipelineTexts();
  const columns = [
    { id: 'stream', title: texts.stream },
    { id: 'kept', title: texts.kept, isNumber: true },
    { id: 'size', title: texts.size, isNumber: true },
    { id: 'waiting', title: texts.waiting, isNumber: true },
    { id: 'work', title: texts.inWork, isNumber: true },
    { id: 'lag', title: texts.lag, isNumber: true },
    { id: 'again', title: texts.again, isNumber: true },
    { id: 'lost', title: texts.lost, isNumber: true },
    { id: 'floor', title: texts.collectedTo, isNumber: true },
  ];
  return (
    <div class="scroller">
      <Table kind="streams" label={texts.streams} columns={columns}>
        <div role="rowgroup">
          {streams.map((stream) => (
            <StreamRow key={stream.name} stream={stream} />
          ))}
        </div>
      </Table>
    </div>
  );
}

function StreamRow({ stream }: { stream: PipelineStream }) {
  const texts = usePipelineTexts();
  const { format } = useI18n();
  const { count } = format;
  return (
    <div class="row" role="row" data-testid="stream-row" data-stream={stream.name}>
      <Cell column="stream">
        <span class="mono">{stream.name}</span>
      </Cell>
      <Cell column="kept" title={texts.kept} isNumber>
        {count(stream.messages)}
      </Cell>
      <Cell column="size" title={texts.size} isNumber>
        {format.bytes(stream.bytes)}
      </Cell>
      <Cell column="waiting" title={texts.waiting} isNumber>
        {count(stream.pending)}
      </Cell>
      <Cell column="work" title={texts.inWork} isNumber>
        {count(stream.in_flight)}
      </Cell>
      <Cell column="lag" title={texts.lag} isNumber>
        {format.age(stream.lag)}
      </Cell>
      <Cell column="again" title={texts.again} isNumber>
        {count(stream.redeliveries)}
      </Cell>
      <Cell column="lost" title={texts.lost} isNumber>
        <span class={stream.lost > 0 ? 'is-fault' : ''}>{count(stream.lost)}</span>
      </Cell>
      <Cell column="floor" title={texts.collectedTo} isNumber>
        {texts.of(count(stream.ack_floor), count(stream.last_sequence))}
      </Cell>
    </div>
  );
}
