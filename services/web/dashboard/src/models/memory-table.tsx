import { Cell } from '../components/cell.tsx';
import { Table } from '../components/table.tsx';
import { UNKNOWN } from '../format/format.ts';
import { useI18n, type I18n } from '../i18n/i18n.ts';
import { KeepAliveText } from './keep-alive-text.tsx';
import type { LoadedModel } from './loaded-models.ts';

interface MemoryTableProps {
  label: string;
  loaded: readonly LoadedModel[];
  /** running calls of each model */
  running: ReadonlyMap<string, number>;
  /** where all are on one host, that need not be said in each row */
  withHost: boolean;
}

/** The models in memory: how much of it, how much of that in VRAM, and for how long. */
export function MemoryTable({ label, loaded, running, withHost }: MemoryTableProps) {
  const { t } = useI18n();
  return (
    <div class="scroller">
      <Table
        kind={withHost ? 'memory' : 'host-memory'}
        label={label}
        columns={columnsOf(t, withHost)}
      >
        <div role="rowgroup">
          {loaded.map((each) => (
            <MemoryRow
              key={`${each.host} ${each.model.name}`}
              loaded={each}
              running={running.get(each.model.name) ?? 0}
              withHost={withHost}
            />
          ))}
        </div>
      </Table>
    </div>
  );
}

interface MemoryRowProps {
  loaded: LoadedModel;
  running: number;
  withHost: boolean;
}

function MemoryRow({ loaded: { model, host, hostSkew }, running, withHost }: MemoryRowProps) {
  const { t, format } = useI18n();
  return (
    <div class="row" role="row" data-testid="loaded-model" data-model={model.name}>
      <Cell column="model" hint={model.name}>
        <span class="model-name">{model.name}</span>
        {running > 0 && (
          <span class="model-state is-running">
            {format.count(running)} {t.models.running}
          </span>
        )}
      </Cell>
      {withHost && (
        <Cell column="host" title={t.memory.host} hint={host}>
          {host}
        </Cell>
      )}
      <Cell column="size" title={t.memory.size} isNumber>
        {format.bytes(model.size_bytes)}
      </Cell>
      <Cell column="vram" title={t.hosts.vram}>
        <VramShare model={model} />
      </Cell>
      <Cell column="context" title={t.memory.context} isNumber>
        {format.count(model.context_length)}
      </Cell>
      <Cell column="expires" title={t.memory.expires} isNumber>
        <KeepAliveText expiresAt={model.expires_at} hostSkew={hostSkew} />
      </Cell>
    </div>
  );
}

/** How much of a model is in VRAM: what is not, runs on the CPU, and slowly. */
function VramShare({ model }: { model: LoadedModel['model'] }) {
  const { t, format } = useI18n();
  const { size_bytes: size, vram_bytes: vram } = model;
  if (vram === null) return <>{UNKNOWN}</>;
  const share = size ? Math.min(1, vram / size) : null;
  const text =
    vram === 0
      ? t.memory.noVram
      : share !== null && share > 0.995
        ? t.memory.allVram
        : `${format.bytes(vram)} ${t.memory.vram}`;
  return (
    <span class="vram-share">
      {share !== null && (
        <span class="meter-bar" aria-hidden="true">
          <span class="meter-fill" style={{ width: `${share * 100}%` }} />
        </span>
      )}
      <span class="vram-text">{text}</span>
    </span>
  );
}

function columnsOf({ memory, hosts }: I18n['t'], withHost: boolean) {
  return [
    { id: 'model', title: memory.model },
    ...(withHost ? [{ id: 'host', title: memory.host }] : []),
    { id: 'size', title: memory.size, isNumber: true },
    { id: 'vram', title: hosts.vram },
    { id: 'context', title: memory.context, isNumber: true },
    { id: 'expires', title: memory.expires, isNumber: true },
  ];
}
