import { describe, expect, test } from 'vitest';

import { subjectsOf } from './event-kinds.ts';

describe('the subjects of what is followed', () => {
  test('are by default what happens, and not what is measured', () => {
    const subjects = subjectsOf({});
    expect(subjects).toContain('llm.request.started.*.*');
    expect(subjects).toContain('llm.request.failed.*.*');
    expect(subjects).toContain('llm.alert.>');
    expect(subjects.join()).not.toMatch(/progress|heartbeat|sampled|first-token/);
  });

  test('have the broker leave out other apps and models', () => {
    expect(
      subjectsOf({ app: 'my app', model: 'llama3.2:3b', kinds: ['failed', 'progress'] }),
    ).toEqual(['llm.request.failed.my_app.llama3_2_3b', 'llm.progress.my_app.llama3_2_3b']);
    expect(subjectsOf({ app: 'a', kinds: ['heartbeat', 'host', 'alert'] })).toEqual([
      'llm.app.heartbeat.a.>',
    ]);
    expect(subjectsOf({ model: 'm:1', kinds: ['models', 'listed'] })).toEqual([
      'llm.models.loaded.*.m_1',
      'llm.models.unloaded.*.m_1',
    ]);
  });

  test('may be one that is given, or what went wrong', () => {
    expect(subjectsOf({ subject: 'llm.request.*.x.>' })).toEqual(['llm.request.*.x.>']);
    expect(subjectsOf({ failed: true })).toEqual(['llm.request.failed.*.*', 'llm.dead-letter.>']);
  });
});
