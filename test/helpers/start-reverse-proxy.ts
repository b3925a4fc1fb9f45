import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { generate } from 'selfsigned';

import { freePort } from './free-port.ts';
import { askHttp } from './http-ask.ts';
import { projectRoot } from './project-root.ts';
import { startProgram } from './start-program.ts';
import { waitFor } from './wait-for.ts';

/** Certificate and key of a name, for as long as the test runs. */
export interface TestCertificate {
  cert: string;
  key: string;
  certFile: string;
  keyFile: string;
  remove(): Promise<void>;
}

export async function aCertificate(name: string): Promise<TestCertificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: name },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await Promise.all([writeFile(certFile, cert), writeFile(keyFile, key)]);
  return { cert, key, certFile, keyFile, remove: () => rm(folder, { recursive: true }) };
}

/** HTTPS under this name, in front of a service. */
export async function startReverseProxy(
  name: string,
  upstream: string,
): Promise<{ url: string; port: number; stop(): Promise<void> }> {
  const certificate = await aCertificate(name);
  const port = await freePort();
  const program = startProgram(process.execPath, [
    `${projectRoot()}/test/helpers/reverse-proxy.mjs`,
    ...[String(port), upstream, certificate.certFile, certificate.keyFile],
  ]);
  await waitFor('the reverse proxy', async () => {
    const { status } = await askHttp(`https://127.0.0.1:${port}/health`);
    return status > 0;
  });
  return {
    url: `https://${name}:${port}`,
    port,
    async stop() {
      await program.stop();
      await certificate.remove();
    },
  };
}
