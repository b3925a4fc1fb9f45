import { CliError } from '../cli-error.ts';

/** All that another machine needs to speak on the bus as one user. */
export interface Enrolment {
  /** `nats://host:port` or `tls://host:port`, without credentials. */
  url: string;
  user: string;
  password: string;
  /** The name of the machine there: its user may speak for no other. */
  host: string;
  /** PEM of the authority that signed the server's certificate. */
  ca?: string | undefined;
}

const VERSION = 1;

/** One word that can be pasted. It holds a password: who has it is that machine. */
export function formatJoinToken(enrolment: Enrolment): string {
  const content = JSON.stringify({ version: VERSION, ...enrolment });
  return Buffer.from(content, 'utf8').toString('base64url');
}

/** @throws {CliError} when it is none */
export function parseJoinToken(token: string): Enrolment {
  const found = readJson(Buffer.from(token.trim(), 'base64url').toString('utf8'));
  if (found['version'] === VERSION) {
    const { url, user, password, host, ca } = found;
    const isWhole = [url, user, password, host].every((one) => typeof one === 'string' && one);
    const isAddress = /^(nats|tls):\/\/[^/@\s]+$/.test(String(url)) && URL.canParse(String(url));
    if (isWhole && isAddress && (ca === undefined || typeof ca === 'string')) {
      const texts = { url, user, password, host } as Omit<Enrolment, 'ca'>;
      return { ...texts, ...(ca === undefined ? {} : { ca }) };
    }
  }
  throw new CliError('This is no join token, or not all of it.', {
    hint: 'Take the whole line that  llm-monitor credentials add --agent <host>  printed.',
  });
}

/** Its address with what lets it in. */
export function enrolledUrl({ url, user, password }: Enrolment): string {
  return url.replace('://', `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
}

function readJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
