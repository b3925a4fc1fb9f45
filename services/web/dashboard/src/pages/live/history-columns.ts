import type { Column } from '../../components/table.tsx';
import type { I18n } from '../../i18n/i18n.ts';

/** Of tables of ended calls. */
export function historyColumns({ columns }: I18n['t']): Column[] {
  return [
    { id: 'state', title: columns.status },
    { id: 'model', title: columns.model },
    { id: 'prompt', title: columns.prompt },
    { id: 'app', title: columns.app },
    { id: 'host', title: columns.host },
    { id: 'ended', title: columns.ended, isNumber: true },
    { id: 'time', title: columns.duration, isNumber: true },
    { id: 'first', title: columns.firstToken, isNumber: true },
    { id: 'tokens', title: columns.tokens, isNumber: true },
    { id: 'rate', title: columns.rate, isNumber: true },
  ];
}
