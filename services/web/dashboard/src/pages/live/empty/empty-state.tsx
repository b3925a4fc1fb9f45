import { useRoute } from '../../../app-context.ts';
import { CodeBlock } from '../../../components/code-block.tsx';
import { DemoHint } from '../../../components/demo-hint.tsx';
import { WithCode } from '../../../components/with-code.tsx';
import { DemoButton } from '../../../demo/demo-button.tsx';
import { proxyAddress } from '../../../routing/proxy-address.ts';
import { useEmptyTexts } from './empty-texts.ts';

const MODELS_SHOWN = 6;
const DEMO_COMMAND = './llm-monitor demo';
/** It is not published yet. */
const PACK_COMMAND = 'node scripts/pack.mjs';
const INSTALL_COMMAND =
  'npm install /path/to/llm-monitor/dist/packages/llm-monitor-client-*.tgz ollama';
const REGISTER_COMMAND = 'node --import @llm-monitor/client/register app.js';

/** Nothing was recorded yet: the three ways in, ready to be pasted. */
export function EmptyState({ models }: { models: readonly string[] }) {
  const texts = useEmptyTexts();
  const { demo } = useRoute();
  if (demo) return <EmptyDemo />;
  return (
    <section class="panel message" data-testid="empty">
      <h2 class="is-listening">{texts.title}</h2>
      <p>{texts.lead}</p>
      <ol class="ways-in">
        <li>
          <h3>{texts.dropIn}</h3>
          <p class="quiet">{texts.dropInHint}</p>
          <CodeBlock label={texts.dropIn} code={firstCall(models[0] ?? 'llama3.2', texts.prompt)} />
          <p class="quiet">
            <WithCode text={texts.install(PACK_COMMAND, INSTALL_COMMAND)} />
          </p>
        </li>
        <li>
          <h3>{texts.proxy}</h3>
          <p class="quiet">{texts.proxyHint}</p>
          <CodeBlock label={texts.proxy} code={`OLLAMA_HOST=${proxyAddress()} python app.py`} />
        </li>
        <li>
          <h3>{texts.register}</h3>
          <p class="quiet">{texts.registerHint}</p>
          <CodeBlock label={texts.register} code={REGISTER_COMMAND} />
        </li>
      </ol>
      {models.length > 0 && (
        <p class="quiet">{texts.modelsFound(models.slice(0, MODELS_SHOWN).join(', '))}</p>
      )}
      <p class="button-row">
        <span class="quiet">{texts.noModel}</span>
        <DemoButton does="start" />
        <DemoHint />
      </p>
    </section>
  );
}

function EmptyDemo() {
  const texts = useEmptyTexts();
  return (
    <section class="panel message" data-testid="empty">
      <h2 class="is-listening">{texts.demoTitle}</h2>
      <p>{texts.demoLead}</p>
      <DemoButton does="start" />
      <p class="quiet">{texts.inTerminal}</p>
      <CodeBlock label={texts.demoTitle} code={DEMO_COMMAND} />
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
