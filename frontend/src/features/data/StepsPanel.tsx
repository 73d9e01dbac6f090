import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { StepState } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { Panel } from '../../ui/Panel';
import { perThousand, through, whenRead } from './steps';

/** The steps between arrival and storing, in their order: what each does, and what it did and took in the last hour. */
export function StepsPanel({ steps }: { steps: StepState[] }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const events = through(steps);
  const does = ({ name, does }: StepState) =>
    i18n.exists(`steps.does.${name}`) ? t(`steps.does.${name}`) : <span lang="en">{does}</span>;
  const took = ({ name, micros }: StepState) => {
    if (whenRead.includes(name)) return t('steps.reading');
    const each = perThousand(micros, events);
    return each === undefined ? '–' : format.integer(each);
  };
  const count = (name: string, value: number) => (whenRead.includes(name) ? '–' : format.integer(value));
  return (
    <Panel title={t('steps.title')} hint={t('steps.hint')}>
      <DataTable
        caption={t('steps.title')}
        rows={steps}
        rowKey={({ name }) => name}
        columns={[
          {
            key: 'step',
            header: t('steps.step'),
            render: (step) => (
              <>
                {t(`steps.names.${step.name}`, { defaultValue: step.name })}
                <Text size="xs" c="dimmed" miw={180}>
                  {does(step)}
                </Text>
              </>
            ),
          },
          {
            key: 'changed',
            header: t('steps.changed'),
            numeric: true,
            render: ({ name, changed }) => count(name, changed),
          },
          {
            key: 'refused',
            header: t('steps.refused'),
            numeric: true,
            render: ({ name, refused }) => count(name, refused),
          },
          { key: 'took', header: t('steps.took'), numeric: true, render: took },
        ]}
      />
    </Panel>
  );
}
