import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isDay } from '../../view/dates';
import { useChangeView } from '../../view/useView';

/** Keeps what is being typed to itself until it is a range. */
export function CustomRange({ from, to }: { from: string; to: string }) {
  const { t } = useTranslation();
  const changeView = useChangeView();
  const [typed, setTyped] = useState({ from, to });
  const wrong = isDay(typed.from) && isDay(typed.to) && typed.from > typed.to;

  const type = (change: Partial<typeof typed>) => {
    const next = { ...typed, ...change };
    setTyped(next);
    if (isDay(next.from) && isDay(next.to) && next.from <= next.to) {
      changeView({ period: undefined, grain: undefined, ...next }, { replace: true });
    }
  };

  return (
    <>
      <TextInput
        type="date"
        size="sm"
        label={t('period.from')}
        value={typed.from}
        onChange={(event) => type({ from: event.currentTarget.value })}
        error={wrong ? t('period.wrong') : undefined}
      />
      <TextInput
        type="date"
        size="sm"
        label={t('period.to')}
        value={typed.to}
        onChange={(event) => type({ to: event.currentTarget.value })}
      />
    </>
  );
}
