import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';

import { writePrivate } from '../home/write-private.ts';

const DAY_MS = 86_400_000;
const CA_DAYS = 3650;
/** Some programs take no longer certificate of a server. */
const SERVER_DAYS = 825;
const RENEW_BEFORE_DAYS = 90;

/** Paths of PEM files. */
export interface Certificates {
  caFile: string;
  certFile: string;
  keyFile: string;
}

export const caPath = (folder: string): string => join(folder, 'ca.pem');

/**
 * A certificate for the server of this stack, signed by a certificate authority that is this stack's own and stays. The server's
 * is made anew when it ends soon or lacks one of the names.
 */
export async function prepareCertificates(
  folder: string,
  names: readonly string[],
  nowMs: number,
): Promise<Certificates> {
  const files = {
    caFile: caPath(folder),
    certFile: join(folder, 'server.pem'),
    keyFile: join(folder, 'server.key'),
  };
  const ca = await readOrMakeAuthority(files.caFile, join(folder, 'ca.key'), nowMs);
  const present = await readText(files.certFile);
  if (present && (await readText(files.keyFile)) && serves(present, ca.cert, names, nowMs)) {
    return files;
  }
  const server = await makeServer(ca, names, nowMs);
  await writePrivate(files.keyFile, server.private);
  await writePrivate(files.certFile, server.cert);
  return files;
}

interface Authority {
  cert: string;
  key: string;
}

async function readOrMakeAuthority(
  certFile: string,
  keyFile: string,
  nowMs: number,
): Promise<Authority> {
  const [cert, key] = await Promise.all([readText(certFile), readText(keyFile)]);
  if (cert && key && expiryMs(cert) - nowMs > RENEW_BEFORE_DAYS * DAY_MS) return { cert, key };
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'LLM Monitor' }], {
    ...{ keyType: 'ec', algorithm: 'sha256' },
    ...validity(CA_DAYS, nowMs),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  await writePrivate(keyFile, made.private);
  await writePrivate(certFile, made.cert);
  return { cert: made.cert, key: made.private };
}

async function makeServer(ca: Authority, names: readonly string[], nowMs: number) {
  const { generate } = await import('selfsigned');
  return await generate([{ name: 'commonName', value: 'LLM Monitor NATS' }], {
    ...{ keyType: 'ec', algorithm: 'sha256', ca },
    ...validity(SERVER_DAYS, nowMs),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) =>
          isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
        ),
      },
    ],
  });
}

function serves(cert: string, ca: string, names: readonly string[], nowMs: number): boolean {
  const certificate = new X509Certificate(cert);
  return (
    expiryMs(cert) - nowMs > RENEW_BEFORE_DAYS * DAY_MS &&
    certificate.verify(new X509Certificate(ca).publicKey) &&
    names.every((name) =>
      isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name, { wildcards: false }),
    )
  );
}

const expiryMs = (cert: string) => Date.parse(new X509Certificate(cert).validTo);

/** From a day ago, for machines whose clocks are behind. */
const validity = (days: number, nowMs: number) => ({
  notBeforeDate: new Date(nowMs - DAY_MS),
  notAfterDate: new Date(nowMs + days * DAY_MS),
});

async function readText(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(() => undefined);
}
