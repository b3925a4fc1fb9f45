import { commonConfig, DEFAULT_ALLOWED_HOSTS, Port } from '@llm-monitor/runtime';
import { Type, type Static } from 'typebox';

/** What the API reads from its environment. */
export const ApiConfig = Type.Object({
  ...commonConfig,
  PORT: Port(8081),
  /** May calls be cancelled over the API? */
  CANCEL: Type.Enum(['on', 'off'], { default: 'on' }),
  ALLOWED_HOSTS: Type.String({ default: DEFAULT_ALLOWED_HOSTS }),
});
export type ApiConfig = Static<typeof ApiConfig>;
