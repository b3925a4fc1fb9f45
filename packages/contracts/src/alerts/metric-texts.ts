import type { MetricName } from '../stats/metrics.ts';
import type { OtherNames } from './ready-names.ts';
import type { AlertOnlyMetricName } from './metrics.ts';

/** What metrics are, for readers of other languages than English. */
const IT: Readonly<Record<MetricName | AlertOnlyMetricName, string>> = {
  requests: 'Chiamate iniziate',
  active: 'Chiamate in corso alla fine dell’intervallo',
  completed: 'Chiamate finite bene',
  failed: 'Chiamate fallite, anche per tempo scaduto',
  timeouts: 'Chiamate con tempo scaduto',
  cancelled: 'Chiamate annullate',
  success_rate: 'Completate su completate e fallite',
  avg_response_time: 'Durata media delle inferenze completate',
  p50: 'Durata mediana delle inferenze completate',
  p95: '95° percentile della durata delle inferenze completate',
  p99: '99° percentile della durata delle inferenze completate',
  time_to_first_token: 'Tempo medio al primo token delle inferenze completate',
  ttft_p50: 'Tempo mediano al primo token delle inferenze completate',
  ttft_p95: '95° percentile del tempo al primo token delle inferenze completate',
  input_tokens: 'Token dei prompt',
  output_tokens: 'Token generati',
  energy_wh: 'Energia delle chiamate finite, dove è nota; una stima',
  tokens_per_second: 'Token generati per secondo di generazione',
  cpu_percent: 'Carico del processore di un host, tutti i core',
  memory_percent: 'Memoria in uso di un host',
  memory_used_bytes: 'Memoria in uso di un host',
  gpu_percent: 'Carico delle GPU di un host, in media',
  vram_used_bytes: 'Memoria video in uso di un host, tutte le GPU',
  vram_total_bytes: 'Memoria video di un host, tutte le GPU',
  models_memory_bytes:
    'Memoria occupata dai modelli caricati, compresa quella video, come la dichiara il loro server',
  models_vram_bytes: 'Memoria video occupata dai modelli caricati, come la dichiara il loro server',
  heartbeat_age:
    'Da quanto tace un processo di un’app che non ha detto di terminare; dimenticato dopo 15 minuti',
  host_silent: 'Da quanto tace l’agente di un host; dimenticato dopo un giorno',
  server_unreachable: 'Server dei modelli che non rispondono all’agente accanto a loro',
  model_gone: 'Modelli che un server elencava durante la finestra e ora non elenca più',
  vram_spill: 'Quanto di un modello caricato è fuori dalla memoria video, su un host con GPU',
  unseen_activity: 'Da quanto qualcuno usa un server dei modelli aggirando il monitor',
  waiting_events: 'Eventi che attendono in NATS di essere raccolti',
  collect_lag: 'Quanto è vecchio il più vecchio evento che attende di essere raccolto',
  dropped_events: 'Eventi a cui i client hanno rinunciato',
  dropped_requests: 'Chiamate che mancano perché i client hanno rinunciato ai loro eventi',
  lost_events: 'Eventi che un flusso ha scartato prima che fossero raccolti',
  dead_letters: 'Messaggi che i collector non hanno potuto usare',
  calls_stalled: 'Chiamate in corso che tacciono da molto più delle pause del loro modello',
  calls_looping: 'Chiamate in corso la cui risposta si ripete',
  calls_runaway: 'Chiamate in corso che generano molto più del solito, o di quanto richiesto',
  calls_queued: 'Chiamate in corso che attendono un posto da due secondi o più',
  possible_truncations: 'Chiamate finite di cui forse una parte del prompt è stata tagliata',
  bot_down: 'Bot di trading che non rispondono',
  bot_silent: 'Da quanto nessuno guarda un bot di trading; dimenticato dopo un giorno',
};

/** The description of a metric in other languages. */
export function otherDescriptions(metric: string): OtherNames | undefined {
  const it = (IT as Readonly<Record<string, string>>)[metric];
  return it === undefined ? undefined : { it };
}
