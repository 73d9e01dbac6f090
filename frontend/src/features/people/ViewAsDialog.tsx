import { Button, NativeSelect, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { startOf } from '../../api/place';
import type { Member } from '../../api/types';
import { startViewing } from '../../api/viewings';
import { Refused } from '../../board/Refused';
import { Dialog } from '../../ui/Dialog';
import { Buttons, Form } from '../../ui/Form';
import { leaveFor } from '../../view/leave';
import { usePeopleOf } from './people';

const minutes = [5, 15, 30, 60];
const [shortestReason, longestReason] = [10, 500];

interface ViewAsDialogProps {
  opened: boolean;
  member: Member;
  onClose: () => void;
}

/** Sees the pages as a person does, to help them. The reason is written down where the organisation reads it. */
export function ViewAsDialog({ opened, member, onClose }: ViewAsDialogProps) {
  const { t } = useTranslation();
  const { slug } = usePeopleOf();
  const form = useForm({
    initialValues: { reason: '', minutes: '15' },
    validate: {
      reason: (reason) => (reason.trim().length < shortestReason ? t('viewAs.reasonShort') : null),
    },
  });
  const starting = useMutation({
    mutationFn: (wanted: typeof form.values) =>
      startViewing({
        email: member.email,
        organisation: slug,
        reason: wanted.reason.trim(),
        minutes: Number(wanted.minutes),
      }),
    onSuccess: (organisation) => leaveFor(startOf(organisation)),
  });
  const close = () => {
    starting.reset();
    form.reset();
    onClose();
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={t('viewAs.title', { name: member.name })}
      closeLabel={t('shell.close')}
      busy={starting.isPending}
    >
      <Form onSubmit={form.onSubmit((wanted) => starting.mutate(wanted))}>
        <Text size="sm">{t('viewAs.text')}</Text>
        <Refused error={starting.error} />
        <Textarea
          label={t('viewAs.reason')}
          description={t('viewAs.reasonHint')}
          maxLength={longestReason}
          rows={3}
          data-autofocus
          {...form.getInputProps('reason')}
        />
        <NativeSelect
          label={t('viewAs.howLong')}
          data={minutes.map((each) => ({ value: String(each), label: t('viewAs.minutes', { count: each }) }))}
          {...form.getInputProps('minutes')}
        />
        <Buttons>
          <Button variant="default" onClick={close} disabled={starting.isPending}>
            {t('form.cancel')}
          </Button>
          <Button type="submit" loading={starting.isPending || starting.isSuccess}>
            {t('viewAs.start')}
          </Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
