import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

/** A server's configuration in operator mode, and the credentials of one user that it lets in. */
export interface NatsOperator {
  config: string;
  creds: string;
}

/** Makes an operator, an account and a user, as `nsc` would. */
export function createNatsOperator(): NatsOperator {
  const operator = nkeys.createOperator();
  const account = nkeys.createAccount();
  const user = nkeys.createUser();
  const unlimited = { subs: -1, conn: -1, data: -1, payload: -1, imports: -1, exports: -1 };
  const accountJwt = signed(operator, account.getPublicKey(), {
    ...{ type: 'account', version: 2, limits: { ...unlimited, wildcards: true, leaf: -1 } },
  });
  const userJwt = signed(account, user.getPublicKey(), {
    ...{ type: 'user', version: 2, subs: -1, data: -1, payload: -1, pub: {}, sub: {} },
  });
  const operatorJwt = signed(operator, operator.getPublicKey(), { type: 'operator', version: 2 });
  const seed = new TextDecoder().decode(user.getSeed());
  return {
    config: [
      `operator: ${operatorJwt}`,
      'resolver: MEMORY',
      `resolver_preload: { ${account.getPublicKey()}: ${accountJwt} }`,
    ].join('\n'),
    creds: [
      ...['-----BEGIN NATS USER JWT-----', userJwt, '------END NATS USER JWT------', ''],
      ...['-----BEGIN USER NKEY SEED-----', seed, '------END USER NKEY SEED------', ''],
    ].join('\n'),
  };
}

function signed(by: KeyPair, subject: string, nats: Record<string, unknown>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { jti: subject.slice(0, 16), iat: 1_700_000_000, iss: by.getPublicKey() };
  const body = [
    part({ typ: 'JWT', alg: 'ed25519-nkey' }),
    part({ ...claims, name: subject, sub: subject, nats }),
  ].join('.');
  const signature = by.sign(new TextEncoder().encode(body));
  return `${body}.${Buffer.from(signature).toString('base64url')}`;
}
