import { Button, Checkbox, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keysQuery, makeKey, type KeyParts } from '../../api/keys';
import type { NewKey, Scope } from '../../api/types';
import { Refused } from '../../board/Refused';
import { Dialog } from '../../ui/Dialog';
import { Buttons, Form } from '../../ui/Form';
import { useSession } from '../../view/session';
import { expiryIn, networksIn, scopesFor } from './state';

const lifetimes = [30, 90, 365];

interface MakeKeyDialogProps {
  opened: boolean;
  onMade: (made: NewKey) => void;
  onClose: () => void;
}

export function MakeKeyDialog({ opened, onMade, onClose }: MakeKeyDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const making = useMutation({
    mutationFn: (parts: KeyParts) => makeKey(parts),
    onSuccess: (made) => {
      onMade(made);
      return queries.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
  const close = () => {
    making.reset();
    onClose();
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={t('keys.make')}
      closeLabel={t('shell.close')}
      busy={making.isPending}
    >
      <KeyForm error={making.error} busy={making.isPending} onMake={(parts) => making.mutate(parts)} onCancel={close} />
    </Dialog>
  );
}

interface KeyFormProps {
  error: unknown;
  busy: boolean;
  onMake: (parts: KeyParts) => void;
  onCancel: () => void;
}

function KeyForm({ error, busy, onMake, onCancel }: KeyFormProps) {
  const { t } = useTranslation();
  const { can } = useSession();
  const offered = scopesFor(can);
  const form = useForm({
    initialValues: { name: '', scopes: offered.slice(0, 1) as string[], days: '365', networks: '' },
    validate: {
      name: (name) => (name.trim() === '' ? t('keys.nameMissing') : null),
      scopes: (scopes) => (scopes.length === 0 ? t('keys.scopeMissing') : null),
    },
  });
  const submit = ({ name, scopes, days, networks }: typeof form.values) =>
    onMake({
      name: name.trim(),
      scopes: scopes as Scope[],
      expires_at: expiryIn(days, new Date()),
      networks: networksIn(networks),
    });
  return (
    <Form onSubmit={form.onSubmit(submit)}>
      <Refused error={error} />
      <TextInput
        label={t('people.name')}
        description={t('keys.nameHint')}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Checkbox.Group label={t('keys.scopes')} {...form.getInputProps('scopes')}>
        <Stack gap={8} mt={6}>
          {offered.map((scope) => (
            <Checkbox key={scope} value={scope} label={t(`scope.${scope.replace(':', '_')}`)} description={scope} />
          ))}
        </Stack>
      </Checkbox.Group>
      <NativeSelect
        label={t('keys.expires')}
        data={[
          ...lifetimes.map((days) => ({ value: String(days), label: t('keys.inDays', { count: days }) })),
          { value: '', label: t('keys.never') },
        ]}
        {...form.getInputProps('days')}
      />
      <Textarea
        label={t('keys.networks')}
        description={t('keys.networksHint')}
        placeholder="192.0.2.0/24"
        rows={2}
        spellCheck={false}
        {...form.getInputProps('networks')}
      />
      <Buttons>
        <Button variant="default" onClick={onCancel} disabled={busy}>
          {t('form.cancel')}
        </Button>
        <Button type="submit" loading={busy}>
          {t('keys.make')}
        </Button>
      </Buttons>
    </Form>
  );
}
