import { subjectToken } from '@llm-monitor/contracts/bus';
import type { DemoFilter } from '@llm-monitor/read-model';

import { demoParameter, nameParameter, toDemoFilter, type DemoParameter } from './parameters.ts';

/** Parameters of every route that can be asked for some calls alone. */
export const callFilterParameters = {
  model: nameParameter('the name of a model'),
  app: nameParameter('the name of an app'),
  host: nameParameter('the name of a machine'),
  demo: demoParameter,
} as const;

/** Whose calls are meant. */
export interface CallFilter {
  demo: DemoFilter;
  model?: string;
  app?: string;
  host?: string;
}

/** What was not asked for has no key. An app goes by its name on NATS, and is found by the one that it gave itself, too. */
export function toCallFilter(query: {
  model?: string;
  app?: string;
  host?: string;
  demo?: DemoParameter;
}): CallFilter {
  const { model, app, host, demo } = query;
  return {
    demo: toDemoFilter(demo),
    ...(model === undefined ? {} : { model }),
    ...(app === undefined ? {} : { app: app && subjectToken(app) }),
    ...(host === undefined ? {} : { host }),
  };
}
