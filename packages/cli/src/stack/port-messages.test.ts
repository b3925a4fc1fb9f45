import { describe, expect, it } from 'vitest';

import { natsPortTaken, webPortTaken } from './port-messages.ts';

describe('the message about a taken port', () => {
  it('names who holds it and the way out', () => {
    const error = webPortTaken(8080, 'node (pid 77)', 'npx llm-monitor');
    expect(error.message).toBe('Port 8080 is taken by node (pid 77).');
    expect(error.hint).toContain('npx llm-monitor start 8090');
  });

  it('does not propose the port that is taken', () => {
    expect(webPortTaken(8090, undefined, 'llm-monitor').hint).toContain('start 8091');
    expect(natsPortTaken(4223, undefined, 'llm-monitor').hint).toContain('NATS_PORT=4224');
  });

  it('for NATS offers another port, or the server that is there by its address', () => {
    const error = natsPortTaken(4222, undefined, 'llm-monitor');
    expect(error.message).toBe('Port 4222, where NATS would listen, is taken.');
    expect(error.hint).toContain('NATS_PORT=4223');
    expect(error.hint).toContain('NATS_URL=nats://127.0.0.1:4222');
  });
});
