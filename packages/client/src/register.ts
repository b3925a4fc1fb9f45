/**
 * `node --import @llm-monitor/client/register app.js`: sees the LLM calls that a program makes by `fetch`, without a change of its code.
 * LLM_MONITOR_HOSTS and LLM_MONITOR_PATHS narrow down which.
 */
import { defaultMonitor } from './monitor/default-monitor.ts';
import { acceptsUrl } from './transport/accepts-url.ts';
import { replaceGlobalFetch } from './transport/global-fetch.ts';

const accepts = acceptsUrl({
  hosts: process.env['LLM_MONITOR_HOSTS'],
  paths: process.env['LLM_MONITOR_PATHS'],
});

replaceGlobalFetch((inner) => defaultMonitor().fetch(inner, { isCustom: false, accepts }));
