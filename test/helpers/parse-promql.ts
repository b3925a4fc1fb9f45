import { parser } from '@prometheus-io/lezer-promql';

/** What a query asks for. */
export interface PromqlQuery {
  /** Names of metrics. */
  metrics: string[];
  /** Names of labels that it matches, groups by, or shows. */
  labels: string[];
}

/** Reads a query by Prometheus' own grammar. @throws where it does not fit */
export function parsePromql(query: string): PromqlQuery {
  const metrics = new Set<string>();
  const labels = new Set<string>();
  parser.parse(query).iterate({
    enter({ type, from, to }) {
      const text = query.slice(from, to);
      if (type.isError) throw new Error(`no PromQL from character ${from}: ${query}`);
      if (type.name === 'VectorSelector') {
        const name = /^[a-zA-Z_:][\w:]*/.exec(text)?.[0];
        if (name !== undefined) metrics.add(name);
      }
      if (type.name === 'LabelName') labels.add(text);
    },
  });
  return { metrics: [...metrics], labels: [...labels] };
}
