import type {
  AlertMetricList,
  AlertRule,
  AlertScope,
  RuleProblem,
} from '@llm-monitor/contracts/alerts';
import type { LiveState } from '@llm-monitor/contracts/live';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

import { wordsOf } from '../../../alerts/value-text.ts';
import { useI18n } from '../../../i18n/i18n.ts';
import { Select } from '../select.tsx';
import { RuleChannels } from './rule-channels.tsx';
import { useRuleTexts } from './rule-texts.ts';

interface FieldsProps {
  draft: AlertRule;
  metrics: AlertMetricList['metrics'];
  problems: readonly RuleProblem[];
  live: LiveState;
  onChange: (fields: Partial<AlertRule>) => void;
}

const COMPARATORS = ['>', '>=', '<', '<='] as const;
const SEVERITIES = ['info', 'warning', 'critical'] as const;
const NO_DATA = ['ok', 'fire', 'keep'] as const;

export function RuleFields({ draft, metrics, problems, live, onChange }: FieldsProps) {
  const texts = useRuleTexts();
  const { language } = useI18n();
  const metric = metrics.find(({ name }) => name === draft.metric);
  const described = ({ name, description, descriptions }: AlertMetricList['metrics'][number]) => {
    const [what = name, ...more] = (descriptions[language] ?? description).split('; ');
    return [what, more.join('; ')] as const;
  };
  const number = (field: 'threshold' | 'windowSeconds' | 'forSeconds' | 'renotifySeconds') => ({
    type: 'number' as const,
    // What is no number the server refuses, with what is allowed.
    value: Number.isNaN(draft[field]) ? '' : draft[field],
    onInput: (event: { currentTarget: HTMLInputElement }) =>
      onChange({ [field]: event.currentTarget.valueAsNumber }),
  });
  return (
    <div class="rule-fields">
      <Field label={texts.name} name="name" problems={problems} isWide>
        {(own) => (
          <input
            {...own}
            value={draft.name}
            onInput={(event) => onChange({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field
        label={texts.metric}
        name="metric"
        problems={problems}
        hint={metric && described(metric)[1]}
        isWide
      >
        {(own) => (
          <Select
            {...own}
            value={draft.metric}
            options={metrics.map((each) => [each.name, `${described(each)[0]} · ${each.name}`])}
            // Another metric has other things to be split by.
            onChoice={(name) => onChange({ metric: name, scope: {} })}
          />
        )}
      </Field>
      <Field label={texts.condition} name="comparator" problems={problems}>
        {(own) => (
          <Select
            {...own}
            value={draft.comparator}
            options={COMPARATORS.map((each) => [each, each])}
            onChoice={(comparator) => onChange({ comparator })}
          />
        )}
      </Field>
      <Field
        label={texts.threshold(wordsOf(metric?.unit ?? '', language)[1])}
        name="threshold"
        problems={problems}
      >
        {(own) => <input {...own} {...number('threshold')} step="any" />}
      </Field>
      {metric && <ScopeFields {...{ draft, metric, problems, live, onChange }} />}
      {metric?.windowed && (
        <Field label={texts.window} name="windowSeconds" problems={problems}>
          {(own) => <input {...own} {...number('windowSeconds')} min={10} />}
        </Field>
      )}
      <Field label={texts.lasts} name="forSeconds" problems={problems}>
        {(own) => <input {...own} {...number('forSeconds')} min={0} />}
      </Field>
      <Field label={texts.severity} name="severity" problems={problems}>
        {(own) => (
          <Select
            {...own}
            value={draft.severity}
            options={SEVERITIES.map((each) => [each, texts.severities[each]])}
            onChoice={(severity) => onChange({ severity })}
          />
        )}
      </Field>
      <Field label={texts.noData} name="noData" problems={problems}>
        {(own) => (
          <Select
            {...own}
            value={draft.noData}
            options={NO_DATA.map((each) => [each, texts.noDatas[each]])}
            onChoice={(noData) => onChange({ noData })}
          />
        )}
      </Field>
      <Field label={texts.again} name="renotifySeconds" problems={problems}>
        {(own) => <input {...own} {...number('renotifySeconds')} min={0} />}
      </Field>
      <RuleChannels
        chosen={draft.channels}
        onChange={(channels) => onChange({ channels } as Partial<AlertRule>)}
      />
      <QuietFields {...{ draft, problems, onChange }} />
    </div>
  );
}

/** What it looks at: all together, one by one, or one of them. */
function ScopeFields(
  props: Omit<FieldsProps, 'metrics'> & { metric: FieldsProps['metrics'][number] },
) {
  const { draft, metric, problems, live, onChange } = props;
  const texts = useRuleTexts();
  const scope = draft.scope ?? {};
  const set = ({ each, ...narrow }: AlertScope) => {
    const named = Object.entries(narrow).filter(([, name]) => name);
    onChange({ scope: { ...Object.fromEntries(named), ...(each ? { each } : {}) } });
  };
  const names = {
    ...{ model: live.models, app: live.apps, host: live.hosts, bot: [] },
  } satisfies Record<string, readonly { name: string }[]>;
  if (metric.scopes.length === 0) return null;
  const options = metric.scopes.map((kind): [string, string] => [kind, texts.each[kind]]);
  return (
    <>
      <Field label={texts.split} name="scope.each" problems={problems}>
        {(own) => (
          <Select
            {...own}
            value={scope.each ?? ''}
            options={[['', texts.whole], ...options]}
            onChoice={(each) => {
              const { each: _each, ...narrow } = scope;
              set(each ? { ...narrow, each: each as NonNullable<AlertScope['each']> } : narrow);
            }}
          />
        )}
      </Field>
      {metric.scopes
        .filter((kind) => kind !== scope.each)
        .map((kind) => (
          <Field key={kind} label={texts.narrow[kind]} name={`scope.${kind}`} problems={problems}>
            {(own) => (
              <>
                <input
                  {...own}
                  list={`${own.id}-names`}
                  placeholder={texts.any}
                  value={scope[kind] ?? ''}
                  onInput={(event) => set({ ...scope, [kind]: event.currentTarget.value })}
                />
                <datalist id={`${own.id}-names`}>
                  {names[kind].map(({ name }) => (
                    <option key={name} value={name} />
                  ))}
                </datalist>
              </>
            )}
          </Field>
        ))}
    </>
  );
}

function QuietFields({ draft, problems, onChange }: Omit<FieldsProps, 'metrics' | 'live'>) {
  const texts = useRuleTexts();
  const { quietHours } = draft;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const fields = { from: texts.from, to: texts.to, timeZone: texts.zone };
  return (
    <>
      <label class="choice is-wide">
        <input
          type="checkbox"
          checked={quietHours !== undefined}
          onChange={(event) => {
            const fresh = { from: '22:00', to: '07:00', timeZone: timeZone || 'UTC' };
            onChange({ quietHours: event.currentTarget.checked ? fresh : undefined } as object);
          }}
        />
        {texts.quiet}
      </label>
      {quietHours &&
        (['from', 'to', 'timeZone'] as const).map((name) => (
          <Field key={name} label={fields[name]} name={`quietHours.${name}`} problems={problems}>
            {(own) => {
              const input = {
                ...own,
                value: quietHours[name],
                onInput: (event: { currentTarget: HTMLInputElement }) =>
                  onChange({ quietHours: { ...quietHours, [name]: event.currentTarget.value } }),
              };
              return name === 'timeZone' ? <input {...input} /> : <input {...input} type="time" />;
            }}
          </Field>
        ))}
    </>
  );
}

interface OwnProps {
  id: string;
  name: string;
  class: string;
  'aria-invalid': boolean;
  'aria-describedby': string;
}

interface FieldProps {
  label: string;
  /** as the server calls it */
  name: string;
  problems: readonly RuleProblem[];
  hint?: string | undefined;
  isWide?: boolean;
  children: (own: OwnProps) => ComponentChildren;
}

/** A field with its name, and beside it what is wrong. */
function Field({ label, name, problems, hint, isWide, children }: FieldProps) {
  const id = useId();
  const { language } = useI18n();
  const wrong = problems.filter(({ field }) => field === name);
  return (
    <div class={`rule-field ${isWide ? 'is-wide' : ''}`}>
      <label for={id}>{label}</label>
      {children({
        ...{ id, name, class: 'rule-input' },
        'aria-invalid': wrong.length > 0,
        'aria-describedby': `${id}-said`,
      })}
      <span id={`${id}-said`} class={wrong.length > 0 ? 'rule-fault' : 'quiet'}>
        {wrong
          .map(({ detail, details }) => (language === 'en' ? detail : details[language]))
          .join('; ') || hint}
      </span>
    </div>
  );
}
