import { ConfigError } from './config-error.ts';

/**
 * A user, password or token as it stands in an address.
 * @throws {ConfigError} where a % of it begins no sign; without the text, which is nobody's to read
 */
export function decodeCredential(variable: 'NATS_URL' | 'REDIS_URL', text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConfigError(
      `${variable} has a % in its user, password or token that begins no sign. Write %25 for it.`,
    );
  }
}
