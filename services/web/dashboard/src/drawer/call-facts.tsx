import type { AnyRequest, EndedRequest } from '@llm-monitor/contracts/rest';
import type { ComponentChildren } from 'preact';

import { useI18n } from '../i18n/i18n.ts';
import { historyOf } from '../routing/route.ts';
import { DrawerPart, Fact } from './drawer-part.tsx';

/** Where it came from, and what was asked for. What is not known is left out. */
export function CallFacts({ call }: { call: AnyRequest }) {
  const { t, format } = useI18n();
  const { drawer } = t;
  const streamed = call.stream === null ? null : call.stream ? drawer.streamed : drawer.whole;
  const { session_id: session, app } = call;
  const facts: [string, ComponentChildren][] = [
    [drawer.app, <a href={historyOf({ app }, call.demo)}>{app}</a>],
    [drawer.instance, call.instance],
    [drawer.host, call.host],
    [drawer.server, call.provider],
    [drawer.operation, [call.operation, streamed].filter(Boolean).join(' · ') || null],
    [drawer.session, session && <a href={historyOf({ session }, call.demo)}>{session}</a>],
    [drawer.user, call.user_id],
    [drawer.tags, call.tags.join(', ') || null],
    [drawer.started, format.dateTime(call.started_at)],
    [drawer.ended, call.status === 'running' ? null : format.dateTime(call.ended_at)],
    [drawer.id, call.id],
    [drawer.logicalId, call.logical_id === call.id ? null : call.logical_id],
  ];
  return (
    <>
      {call.status !== 'running' && call.parameters && (
        <CallParameters parameters={call.parameters} />
      )}
      <DrawerPart title={drawer.details}>
        <dl class="facts is-list">
          {facts.map(
            ([name, value]) =>
              value && (
                <Fact key={name} name={name}>
                  {value}
                </Fact>
              ),
          )}
        </dl>
      </DrawerPart>
    </>
  );
}

type Parameters = NonNullable<EndedRequest['parameters']>;

/** As servers name them. */
const PARAMETERS: Readonly<Record<keyof Parameters, string>> = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  numCtx: 'num_ctx',
  maxTokens: 'max_tokens',
  seed: 'seed',
};

function CallParameters({ parameters }: { parameters: Parameters }) {
  const { t } = useI18n();
  const given = (Object.keys(PARAMETERS) as (keyof Parameters)[]).filter(
    (name) => parameters[name] !== undefined,
  );
  if (given.length === 0) return null;
  return (
    <DrawerPart title={t.drawer.parameters}>
      <dl class="facts is-list">
        {given.map((name) => (
          <Fact key={name} name={PARAMETERS[name]}>
            {String(parameters[name])}
          </Fact>
        ))}
      </dl>
    </DrawerPart>
  );
}
