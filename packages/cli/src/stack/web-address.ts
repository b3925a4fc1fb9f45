/** Where the web service of the stack answers, by the settings that it reads itself. */
export interface WebAddress {
  /** `https` where it has a certificate */
  scheme: 'http' | 'https';
  /** below which its pages are, empty for the root; its health is at the root too */
  basePath: string;
}

export function webAddress(env: Record<string, string | undefined>): WebAddress {
  const hasCertificate = env['TLS_CERT'] || env['TLS_CERT_FILE'];
  return {
    scheme: hasCertificate ? 'https' : 'http',
    basePath: (env['BASE_PATH'] ?? '').replace(/\/+$/, ''),
  };
}
