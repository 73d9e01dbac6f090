import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toProblem } from '../../api/problem';
import { enterPool } from '../../api/statements';
import type { Site } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { Panel } from '../../ui/Panel';
import { Refusal } from '../../ui/Refusal';
import { pastMonths } from '../../view/dates';
import { decimalAmount } from './amount';
import { ConfirmPool } from './ConfirmPool';
import classes from './Pools.module.css';

/** A month's money for a site. It is asked twice, for the statements it writes never change. */
export function PoolForm({ sites }: { sites: Site[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [first] = sites;
  const form = useForm({
    initialValues: { site: first?.code ?? '', month: pastMonths(first?.today ?? '1970-02-01', 1)[0] ?? '', amount: '' },
    validate: { amount: (typed) => (decimalAmount(typed) === null ? t('pools.wrongAmount') : null) },
  });
  const { site: code, month, amount } = form.values;
  const site = sites.find((each) => each.code === code) ?? first;
  const entering = useMutation({
    mutationFn: () => enterPool(code, month, decimalAmount(amount) ?? ''),
    onSuccess: async (pool) => {
      form.setFieldValue('amount', '');
      notifications.show({
        color: 'teal',
        closeButtonProps: { 'aria-label': t('shell.close') },
        title: t('pools.entered'),
        message: t('pools.enteredText', {
          month: format.month(pool.month),
          amount: format.money(pool.amount, pool.currency),
        }),
      });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['pools'] }),
        queries.invalidateQueries({ queryKey: ['statements'] }),
      ]);
    },
    onSettled: () => setAsking(false),
  });
  const problem = entering.error ? toProblem(entering.error) : null;

  return (
    <Panel title={t('pools.enter')} hint={t('pools.hint')}>
      <form className={classes.form} onSubmit={form.onSubmit(() => setAsking(true))} noValidate>
        <NativeSelect
          label={t('dimension.site')}
          data={sites.map((each) => ({ value: each.code, label: each.name }))}
          {...form.getInputProps('site')}
        />
        <NativeSelect
          label={t('statements.month')}
          data={pastMonths(site?.today ?? '1970-02-01', 24).map((each) => ({ value: each, label: format.month(each) }))}
          {...form.getInputProps('month')}
        />
        <TextInput
          label={t('pools.amount', { currency: site?.currency })}
          inputMode="decimal"
          autoComplete="off"
          required
          {...form.getInputProps('amount')}
        />
        <Button type="submit" className={classes.submit}>
          {t('pools.submit')}
        </Button>
      </form>
      {problem && (
        <div className={classes.refusal}>
          <Refusal
            title={problem.status === 0 ? t('state.unreachable') : problem.message}
            detail={problem.status === 0 ? t('state.unreachableText') : problem.detail}
          />
        </div>
      )}
      <ConfirmPool
        opened={asking}
        busy={entering.isPending}
        text={t('pools.confirmText', {
          site: site?.name,
          month: format.month(month),
          amount: format.money(decimalAmount(amount) ?? '0', site?.currency ?? 'EUR'),
        })}
        onCancel={() => setAsking(false)}
        onConfirm={() => entering.mutate()}
      />
    </Panel>
  );
}
