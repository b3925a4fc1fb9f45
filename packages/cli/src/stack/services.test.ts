import { describe, expect, it } from 'vitest';

import { serviceParts } from './services.ts';

const parts = (env: Record<string, string>) =>
  new Map(
    serviceParts({
      root: '/app',
      node: '/usr/bin/node',
      env,
      proxy: {
        listen: { host: '127.0.0.1', port: 11_435 },
        upstream: new URL('http://127.0.0.1:11434'),
      },
      addresses: {
        natsUrl: 'nats://127.0.0.1:4222',
        redisUrl: 'unix:///data/redis.sock',
        ports: {
          ...{ web: 8080, api: 18_081, collector: 8082, agent: 8083, alerts: 8084 },
          connectors: 8085,
        },
      },
    }).map((part) => [part.name, part]),
  );

describe('the services of the stack', () => {
  it('are given their own port, and the web service the address of the API', () => {
    const web = parts({ PORT: '9999' }).get('web');
    expect(web?.env).toMatchObject({ PORT: '8080', API_URL: 'http://127.0.0.1:18081' });
    expect(web?.readyUrl).toBe('http://127.0.0.1:8080/ready');
  });

  it('are asked for their health by HTTPS where the web service has a certificate', () => {
    const secure = parts({ TLS_CERT: '/etc/cert.pem', TLS_KEY: '/etc/key.pem' });
    expect(secure.get('web')?.readyUrl).toBe('https://127.0.0.1:8080/ready');
    expect(secure.get('api')?.readyUrl).toBe('http://127.0.0.1:18081/ready');
  });

  it('tell people where the dashboard is, unless they said where they find it', () => {
    const address = (env: Record<string, string>) => parts(env).get('alerts')?.env['DASHBOARD_URL'];
    expect(address({ BASE_PATH: '/llm/' })).toBe('http://localhost:8080/llm');
    expect(address({ BASE_PATH: '/a b' })).toBe('http://localhost:8080/a%20b');
    expect(address({ DASHBOARD_URL: 'https://monitor.example' })).toBe('https://monitor.example');
  });

  it('speak HTTP among themselves, whatever a shell exports for an API of its own', () => {
    const set = {
      API_TLS_CERT: '/etc/cert.pem',
      API_TLS_KEY_FILE: '/etc/key',
      API_CA: '/etc/ca.pem',
    };
    for (const { env } of parts(set).values()) {
      for (const name of Object.keys(set)) expect(env[name]).toBeUndefined();
    }
  });

  it('leave the connectors out while there is nothing to connect to', () => {
    expect(parts({}).has('connectors')).toBe(false);
    expect(parts({ FREQTRADE_BOTS_FILE: '/etc/bots.yaml' }).has('connectors')).toBe(true);
    const otlp = parts({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://here:4318/v1/traces' });
    expect(otlp.has('connectors')).toBe(true);
  });

  it('listen on this machine only, though a shell exports HOST', () => {
    for (const part of parts({ HOST: 'my-laptop' }).values()) {
      expect(part.env['HOST']).toBe('127.0.0.1');
    }
  });

  it('tell the agent, and it alone, where its proxy listens and what is behind it', () => {
    const all = parts({ PROXY_LISTEN: '11999', OLLAMA_HOST: '127.0.0.1:11435' });
    expect(all.get('agent')?.env).toMatchObject({
      PROXY_LISTEN: '127.0.0.1:11435',
      OLLAMA_URL: 'http://127.0.0.1:11434',
    });
    expect(all.get('web')?.env['OLLAMA_URL']).toBeUndefined();
  });

  it('tell the dashboard where programs reach the proxy, unless somebody said how they do', () => {
    const address = (env: Record<string, string>) => parts(env).get('web')?.env['PROXY_ADDRESS'];
    expect(address({ PROXY_LISTEN: '0.0.0.0:11436' })).toBe('127.0.0.1:11435');
    expect(address({ PROXY_ADDRESS: 'gpu-box:11435' })).toBe('gpu-box:11435');
  });

  it('open the dashboard, and it alone, to others where there is a token', () => {
    const open = parts({ HOST: '0.0.0.0', LLM_MONITOR_TOKEN: 'secret' });
    expect(open.get('web')?.env['HOST']).toBe('0.0.0.0');
    expect(open.get('api')?.env['HOST']).toBe('127.0.0.1');
    const byFile = parts({ HOST: '0.0.0.0', LLM_MONITOR_TOKEN_FILE: '/run/secrets/token' });
    expect(byFile.get('web')?.env['HOST']).toBe('0.0.0.0');
  });

  it('take what the stack sets, and no file that a shell names for it', () => {
    const { env } = parts({ REDIS_URL_FILE: '/run/secrets/redis' }).get('api')!;
    expect(env['REDIS_URL']).toBe('unix:///data/redis.sock');
    expect(env['REDIS_URL_FILE']).toBeUndefined();
  });
});
