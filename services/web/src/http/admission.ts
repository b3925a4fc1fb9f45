import { isAllowedHost, isAllowedOrigin, isAuthorized } from '@llm-monitor/runtime';

/** Who may come in. */
export interface AdmissionRules {
  allowedHosts: readonly string[];
  token: string;
}

/** Why someone may not, and what to do. */
export interface Refusal {
  status: 401 | 403;
  title: string;
  detail: string;
}

interface Headers {
  host?: string | undefined;
  origin?: string | undefined;
  authorization?: string | undefined;
}

/**
 * The same for pages, forwarded calls and websockets. Undefined when all is well.
 * @param options.checkOrigin for what a foreign page could make a browser do: websockets, and requests that change something
 */
export function refuse(
  headers: Headers,
  rules: AdmissionRules,
  options: { checkOrigin: boolean },
): Refusal | undefined {
  if (!isAllowedHost(headers.host, rules.allowedHosts)) {
    return forbidden('Unknown host', 'Ask by localhost, or add this host name to ALLOWED_HOSTS.');
  }
  if (options.checkOrigin && !isAllowedOrigin(headers.origin, rules.allowedHosts)) {
    return forbidden('Foreign page', 'Only pages of LLM Monitor itself may do this.');
  }
  if (isAuthorized(headers.authorization, rules.token)) return undefined;
  return {
    status: 401,
    title: 'Token needed',
    detail: 'Send LLM_MONITOR_TOKEN as a bearer token, or as the password with any user name.',
  };
}

const forbidden = (title: string, detail: string): Refusal => ({ status: 403, title, detail });
