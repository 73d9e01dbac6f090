import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { changeMember, type MemberParts } from '../../api/people';
import type { Member } from '../../api/types';
import { Refused } from '../../board/Refused';
import { useSaid } from '../../board/said';
import { Dialog } from '../../ui/Dialog';
import { Buttons, Form, Row } from '../../ui/Form';
import { endOfDay, lastDayBefore } from '../../view/instants';
import { AboutChecks } from './AboutChecks';
import { usePeopleOf, useRenewPeople } from './people';
import { rolesIn } from './roles';

interface ChangeDialogProps {
  opened: boolean;
  member: Member;
  onClose: () => void;
}

/** What a member is in the organisation, which part of it they see, and until when. */
export function ChangeDialog({ opened, member, onClose }: ChangeDialogProps) {
  const { t } = useTranslation();
  const said = useSaid();
  const renew = useRenewPeople();
  const { slug } = usePeopleOf();
  const changing = useMutation({
    mutationFn: (parts: MemberParts) => changeMember(slug, member.account, parts),
    onSuccess: async () => {
      onClose();
      said(t('people.changed', { name: member.name }));
      await renew();
    },
  });
  const close = () => {
    changing.reset();
    onClose();
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={t('people.changeOf', { name: member.name })}
      closeLabel={t('shell.close')}
      busy={changing.isPending}
    >
      <ChangeForm
        member={member}
        error={changing.error}
        busy={changing.isPending}
        onChange={(parts) => changing.mutate(parts)}
        onCancel={close}
      />
    </Dialog>
  );
}

interface ChangeFormProps {
  member: Member;
  error: unknown;
  busy: boolean;
  onChange: (parts: MemberParts) => void;
  onCancel: () => void;
}

function ChangeForm({ member, error, busy, onChange, onCancel }: ChangeFormProps) {
  const { t } = useTranslation();
  const { kind, about } = usePeopleOf();
  // What the person is stays on offer even where it is no longer usual.
  const roles = [...new Set<string>([member.role, ...rolesIn(kind)])];
  const form = useForm({
    initialValues: {
      role: member.role,
      about: member.about?.map(({ code }) => code) ?? null,
      valid_until: member.valid_until ? lastDayBefore(member.valid_until) : '',
    },
    validate: { about: (chosen) => (chosen?.length === 0 ? t('people.partsMissing') : null) },
  });
  return (
    <Form
      onSubmit={form.onSubmit(({ valid_until, ...rest }) =>
        onChange({ ...rest, valid_until: valid_until ? endOfDay(valid_until) : null }),
      )}
    >
      <Refused error={error} />
      <Row>
        <NativeSelect
          label={t('people.role')}
          data={roles.map((role) => ({ value: role, label: t(`role.${role}`, { defaultValue: role }) }))}
          {...form.getInputProps('role')}
        />
        <TextInput
          type="date"
          label={t('people.until')}
          description={t('people.untilHint')}
          {...form.getInputProps('valid_until')}
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
          {t('form.save')}
        </Button>
      </Buttons>
    </Form>
  );
}
