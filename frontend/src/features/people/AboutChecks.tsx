import { Checkbox, Radio, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { About } from '../../api/types';
import classes from './People.module.css';

interface AboutChecksProps {
  of: About[];
  /** Codes; null is all of them, those that are yet to come too. */
  value: string[] | null;
  onChange: (value: string[] | null) => void;
  error?: string;
}

/** What of an organisation a person is to see. Where it is about one thing only, there is nothing to choose. */
export function AboutChecks({ of, value, onChange, error }: AboutChecksProps) {
  const { t } = useTranslation();
  if (of.length < 2) return null;
  return (
    <Stack gap="xs">
      <Radio.Group
        label={t('people.sees')}
        value={value === null ? 'all' : 'some'}
        onChange={(choice) => onChange(choice === 'all' ? null : [])}
      >
        <Stack gap={6} mt={6}>
          <Radio value="all" label={t('people.seesAll', { count: of.length })} />
          <Radio value="some" label={t('people.seesSome')} />
        </Stack>
      </Radio.Group>
      {value !== null && (
        <Checkbox.Group label={t('people.parts')} value={value} onChange={onChange} error={error}>
          <div className={classes.checks}>
            {of.map(({ code, name }) => (
              <Checkbox key={code} value={code} label={name} description={code} />
            ))}
          </div>
        </Checkbox.Group>
      )}
    </Stack>
  );
}
