import { useApp, useRoute } from '../../app-context.ts';
import { Fault } from '../../charts/fault.tsx';
import { Section } from '../../components/section.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { WithCode } from '../../components/with-code.tsx';
import { useAnswer } from '../../rest/use-answer.ts';
import { BotDetailsView } from './bot-details.tsx';
import { BotTable } from './bot-table.tsx';
import { useBotTexts } from './bot-texts.ts';
import '../../styles/pages.css';

const EVERY_MS = 5000;

/** Trading bots: all of them, and one of them beside the calls that its apps made. */
export function BotsPage() {
  const texts = useBotTexts();
  const { api } = useApp();
  const chosen = new URLSearchParams(useRoute().filter).get('bot');
  const { value: bots, fault, again } = useAnswer('bots', EVERY_MS, api.readBots);
  const shown = bots?.find(({ name }) => name === chosen) ?? bots?.[0];
  return (
    <>
      <Section title={texts.title}>
        {fault !== null && <Fault said={fault} onAgain={again} />}
        {bots && bots.length > 0 && shown && <BotTable bots={bots} shown={shown.name} />}
        {bots?.length === 0 && (
          <p class="nothing">
            {texts.none} <WithCode text={texts.noneHint} />
          </p>
        )}
        {!bots && fault === null && <SkeletonRows rows={3} />}
      </Section>
      {shown && <BotDetailsView key={shown.name} bot={shown} />}
    </>
  );
}
