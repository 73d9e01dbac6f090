import { Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { invite, type Inviting } from '../../api/people';
import { Refused } from '../../board/Refused';
import { useSaid } from '../../board/said';
import { isLanguage, languages } from '../../i18n/i18n';
import { Dialog } from '../../ui/Dialog';
import { Buttons, Form, Row } from '../../ui/Form';
import { AboutChecks } from './AboutChecks';
import { usePeopleOf, useRenewPeople } from './people';
import { rolesIn } from './roles';

export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const said = useSaid();
  const renew = useRenewPeople();
  const { slug } = usePeopleOf();
  const inviting = useMutation({
    mutationFn: (wanted: Inviting) => invite(slug, wanted),
    onSuccess: async ({ email }) => {
      onClose();
      said(t('people.invited', { email }));
      await renew();
    },
  });
  const close = () => {
    inviting.reset();
    onClose();
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={t('people.invite')}
      closeLabel={t('shell.close')}
      busy={inviting.isPending}
    >
      <InviteForm
        error={inviting.error}
        busy={inviting.isPending}
        onInvite={(wanted) => inviting.mutate(wanted)}
        onCancel={close}
      />
    </Dialog>
  );
}

interface InviteFormProps {
  error: unknown;
  busy: boolean;
  onInvite: (wanted: Inviting) => void;
  onCancel: () => void;
}

function InviteForm({ error, busy, onInvite, onCancel }: InviteFormProps) {
  const { t, i18n } = useTranslation();
  const { name, kind, about } = usePeopleOf();
  const roles = rolesIn(kind);
  const initialValues: Inviting = {
    email: '',
    role: roles[0] ?? '',
    about: null,
    language: isLanguage(i18n.language) ? i18n.language : 'en',
  };
  const form = useForm({
    initialValues,
    validate: {
      email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : t('signIn.emailMissing')),
      about: (chosen) => (chosen?.length === 0 ? t('people.partsMissing') : null),
    },
  });
  return (
    <Form onSubmit={form.onSubmit((wanted) => onInvite({ ...wanted, email: wanted.email.trim() }))}>
      <Text size="sm">{t('people.inviteText', { organisation: name })}</Text>
      <Refused error={error} />
      <TextInput
        label={t('signIn.email')}
        type="email"
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('email')}
      />
      <Row>
        <NativeSelect
          label={t('people.role')}
          data={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
          {...form.getInputProps('role')}
        />
        <NativeSelect
          label={t('people.letterLanguage')}
          data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
          value={form.values.language}
          onChange={({ currentTarget: { value } }) => isLanguage(value) && form.setFieldValue('language', value)}
        />
      </Row>
      <AboutChecks
        of={about}
        value={form.values.about}
        onChange={(chosen) => form.setFieldValue('about', chosen)}
        error={form.errors.about as string | undefined}
      />
      <Buttons>
        <Button variant="default" onClick={onCancel} disabled={busy}>
          {t('form.cancel')}
        </Button>
        <Button type="submit" loading={busy}>
          {t('people.send')}
        </Button>
      </Buttons>
    </Form>
  );
}
