import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SiteFlow } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { Panel } from '../../ui/Panel';
import { Refusal } from '../../ui/Refusal';
import { Stack } from '../../ui/Layout';
import { StatusDot } from '../../ui/StatusDot';
import classes from './Balance.module.css';
import { balances, fates, together, told, type Flow } from './balance';

interface BalancePanelProps {
  flows: SiteFlow[];
  nameOf: (site: string) => string;
}

/** What was sent is what became of it: as a sentence and a bar for each site, and a warning should it ever be untrue. */
export function BalancePanel({ flows, nameOf }: BalancePanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const wrong = flows.filter((flow) => !balances(flow));
  const rows = flows.map((flow): [string, Flow] => [nameOf(flow.site), flow]);
  const all = rows.length > 1 ? [[t('flow.all'), together(flows)] as [string, Flow], ...rows] : rows;
  return (
    <Panel
      title={t('flow.balance')}
      hint={t('flow.equation')}
      actions={
        wrong.length === 0 && (
          <Text size="sm" component="span">
            <StatusDot tone="good">{t('flow.balanced')}</StatusDot>
          </Text>
        )
      }
    >
      <Stack>
        {wrong.map((flow) => (
          <Refusal
            key={flow.site}
            title={t('flow.unbalanced', { site: nameOf(flow.site) })}
            detail={t('flow.unbalancedText', { sent: format.integer(flow.sent), told: format.integer(told(flow)) })}
          />
        ))}
        <ul className={classes.key} aria-hidden>
          {fates.map((fate) => (
            <li key={fate}>
              <span className={classes.swatch} data-fate={fate} />
              {t(`flow.${fate}`)}
            </li>
          ))}
        </ul>
        <ul className={classes.sites}>
          {all.map(([name, flow]) => (
            <Balance key={name} name={name} flow={flow} />
          ))}
        </ul>
        {flows
          .filter(({ lost }) => lost > 0)
          .map(({ site, lost }) => (
            <Text key={site} size="sm" component="p" m={0}>
              <StatusDot tone="warn">
                {t('flow.lost', { site: nameOf(site), count: lost, number: format.integer(lost) })}
              </StatusDot>
            </Text>
          ))}
      </Stack>
    </Panel>
  );
}

function Balance({ name, flow }: { name: string; flow: Flow }) {
  const { t } = useTranslation();
  const format = useFormat();
  const number = (part: keyof Flow) => format.integer(flow[part]);
  return (
    <li>
      <p className={classes.sentence}>
        {t('flow.parts', {
          site: name,
          sent: number('sent'),
          loaded: number('loaded'),
          duplicate: number('duplicate'),
          quarantined: number('quarantined'),
          skipped: number('skipped'),
        })}
      </p>
      <div className={classes.bar} aria-hidden>
        {fates
          .filter((fate) => flow[fate] > 0)
          .map((fate) => (
            <span key={fate} className={classes.part} data-fate={fate} style={{ flexGrow: flow[fate] }} />
          ))}
      </div>
    </li>
  );
}
