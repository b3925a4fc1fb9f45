import { useRoute } from '../../app-context.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { DemoHint } from '../../components/demo-hint.tsx';
import { WithCode } from '../../components/with-code.tsx';
import { useI18n } from '../../i18n/i18n.ts';

const MODELS_SHOWN = 6;
const DEMO_COMMAND = './llm-monitor demo';

/** Nothing was recorded yet: how to make the first call, ready to be pasted. */
export function EmptyState({ models }: { models: readonly string[] }) {
  const { t } = useI18n();
  const route = useRoute();
  if (route.demo) {
    return (
      <section class="panel message">
        <h2 class="is-listening">{t.empty.demoTitle}</h2>
        <p>{t.empty.demoLead}</p>
        <CodeBlock label={t.empty.demoTitle} code={DEMO_COMMAND} />
      </section>
    );
  }
  return (
    <section class="panel message">
      <h2 class="is-listening">{t.empty.title}</h2>
      <p>{t.empty.lead}</p>
      <CodeBlock
        label={t.empty.snippet}
        code={firstCall(models[0] ?? 'llama3.2', t.empty.prompt)}
      />
      <p>{t.empty.whatNext}</p>
      <p>
        <WithCode text={t.empty.anyProgram} />
      </p>
      {models.length > 0 && (
        <p class="quiet">{t.empty.modelsFound(models.slice(0, MODELS_SHOWN).join(', '))}</p>
      )}
      <p class="quiet">
        {t.empty.demoBefore}
        <code>{DEMO_COMMAND}</code>
        {t.empty.demoAfter}
      </p>
      <DemoHint />
    </section>
  );
}

function firstCall(model: string, prompt: string): string {
  return `import ollama from '@llm-monitor/client/ollama'; // was: 'ollama'

const answer = await ollama.chat({
  model: '${model}',
  messages: [{ role: 'user', content: '${prompt}' }],
  stream: true,
});
for await (const part of answer) process.stdout.write(part.message.content);`;
}
