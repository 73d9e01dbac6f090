import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrganisationParts } from '../../api/organisations';
import type { About, Organisation, OrganisationKind } from '../../api/types';
import { Buttons, Form, Row } from '../../ui/Form';
import { dayOf, endOfDay, lastDayBefore, startOfDay } from '../../view/instants';
import { AboutPicker } from './AboutPicker';

export const kinds: OrganisationKind[] = [
  'school',
  'publisher',
  'publisher_group',
  'municipality',
  'county',
  'ministry',
];

export interface Written extends OrganisationParts {
  kind: OrganisationKind;
  requires_two_factor: boolean;
}

interface OrganisationFormProps {
  /** The one that is changed; a new one when there is none. */
  organisation: Organisation | undefined;
  parents: Organisation[];
  refusal: ReactNode;
  busy: boolean;
  onWrite: (written: Written) => void;
  onCancel: () => void;
}

export function OrganisationForm({ organisation, parents, refusal, busy, onWrite, onCancel }: OrganisationFormProps) {
  const { t } = useTranslation();
  const about: About[] = organisation?.about ?? [];
  const form = useForm({
    initialValues: {
      name: organisation?.name ?? '',
      kind: organisation?.kind ?? ('school' as OrganisationKind),
      parent: organisation?.parent ?? '',
      about,
      valid_from: organisation?.valid_from ? dayOf(organisation.valid_from) : '',
      valid_until: organisation?.valid_until ? lastDayBefore(organisation.valid_until) : '',
      requires_two_factor: organisation?.requires_two_factor ?? false,
    },
    validate: {
      name: (name) => (name.trim() === '' ? t('organisations.nameMissing') : null),
      valid_until: (until, { valid_from }) =>
        until !== '' && valid_from !== '' && until < valid_from ? t('organisations.endsBefore') : null,
    },
  });
  const submit = (values: typeof form.values) =>
    onWrite({
      name: values.name.trim(),
      kind: values.kind,
      parent: values.parent || null,
      about: values.about.map(({ code }) => code),
      valid_from: values.valid_from ? startOfDay(values.valid_from) : null,
      valid_until: values.valid_until ? endOfDay(values.valid_until) : null,
      requires_two_factor: values.requires_two_factor,
    });
  return (
    <Form onSubmit={form.onSubmit(submit)}>
      {refusal}
      <TextInput label={t('people.name')} autoComplete="off" data-autofocus {...form.getInputProps('name')} />
      <Row>
        {!organisation && (
          <NativeSelect
            label={t('organisations.kind')}
            data={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
            value={form.values.kind}
            onChange={({ currentTarget: { value } }) =>
              form.setValues({ kind: kinds.find((each) => each === value) ?? 'school', about: [] })
            }
          />
        )}
        <NativeSelect
          label={t('organisations.parent')}
          data={[
            { value: '', label: t('organisations.noParent') },
            ...parents.map(({ slug, name }) => ({ value: slug, label: name })),
          ]}
          {...form.getInputProps('parent')}
        />
      </Row>
      <AboutPicker
        kind={form.values.kind}
        chosen={form.values.about}
        onChange={(chosen) => form.setFieldValue('about', chosen)}
      />
      <Row>
        <TextInput type="date" label={t('organisations.from')} {...form.getInputProps('valid_from')} />
        <TextInput type="date" label={t('organisations.until')} {...form.getInputProps('valid_until')} />
      </Row>
      {organisation && (
        <Checkbox
          label={t('organisations.requires')}
          {...form.getInputProps('requires_two_factor', { type: 'checkbox' })}
        />
      )}
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
