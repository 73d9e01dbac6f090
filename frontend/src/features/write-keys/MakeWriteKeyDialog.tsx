import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { NewWriteKey, WriteKey } from '../../api/types';
import { makeWriteKey, writeKeysQuery } from '../../api/writeKeys';
import { Refused } from '../../board/Refused';
import { Dialog } from '../../ui/Dialog';
import { Buttons, Form } from '../../ui/Form';
import { useSession } from '../../view/session';
import { originsIn } from './snippets';

interface MakeWriteKeyDialogProps {
  opened: boolean;
  onMade: (made: WriteKey) => void;
  onClose: () => void;
}

export function MakeWriteKeyDialog({ opened, onMade, onClose }: MakeWriteKeyDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const making = useMutation({
    mutationFn: (parts: NewWriteKey) => makeWriteKey(parts),
    onSuccess: (made) => {
      onMade(made);
      return queries.invalidateQueries({ queryKey: writeKeysQuery.queryKey });
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
      title={t('writeKeys.make')}
      closeLabel={t('shell.close')}
      busy={making.isPending}
    >
      <WriteKeyForm
        error={making.error}
        busy={making.isPending}
        onMake={(parts) => making.mutate(parts)}
        onCancel={close}
      />
    </Dialog>
  );
}

interface WriteKeyFormProps {
  error: unknown;
  busy: boolean;
  onMake: (parts: NewWriteKey) => void;
  onCancel: () => void;
}

function WriteKeyForm({ error, busy, onMake, onCancel }: WriteKeyFormProps) {
  const { t } = useTranslation();
  const { sites } = useSession();
  const form = useForm({
    initialValues: { site: sites[0]?.code ?? '', name: '', origins: '' },
    validate: { name: (name) => (name.trim() === '' ? t('keys.nameMissing') : null) },
  });
  const submit = ({ site, name, origins }: typeof form.values) =>
    onMake({ site, name: name.trim(), origins: originsIn(origins) });
  return (
    <Form onSubmit={form.onSubmit(submit)}>
      <Refused error={error} />
      <TextInput
        label={t('people.name')}
        description={t('writeKeys.nameHint')}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      <NativeSelect
        label={t('dimension.site')}
        data={sites.map(({ code, name }) => ({ value: code, label: name }))}
        {...form.getInputProps('site')}
      />
      <Textarea
        label={t('writeKeys.origins')}
        description={t('writeKeys.originsHint')}
        placeholder="https://book.example"
        rows={2}
        spellCheck={false}
        {...form.getInputProps('origins')}
      />
      <Buttons>
        <Button variant="default" onClick={onCancel} disabled={busy}>
          {t('form.cancel')}
        </Button>
        <Button type="submit" loading={busy}>
          {t('writeKeys.make')}
        </Button>
      </Buttons>
    </Form>
  );
}
