import { ActionIcon, Button, Fieldset, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { publishersQuery, regionsQuery, schoolsQuery, type EntitySearch } from '../../api/entities';
import type { About, OrganisationKind } from '../../api/types';
import classes from './Organisations.module.css';

const mostFound = 8;

/** What an organisation of a kind can be about; it sees what it is about and nothing else. */
function useFound(kind: OrganisationKind, q: string): About[] {
  const search: EntitySearch = { q, limit: mostFound };
  const asked = q.trim() !== '';
  const schools = useQuery({ ...schoolsQuery(search), enabled: asked && kind === 'school' });
  const publishers = useQuery({
    ...publishersQuery(search),
    enabled: asked && (kind === 'publisher' || kind === 'publisher_group'),
  });
  const regions = useQuery({
    ...regionsQuery(search),
    enabled: asked && (kind === 'ministry' || kind === 'county' || kind === 'municipality'),
  });
  const { data } = [schools, publishers, regions].find((query) => query.data) ?? {};
  return asked ? (data?.items.map(({ code, name }) => ({ code, name })) ?? []) : [];
}

interface AboutPickerProps {
  kind: OrganisationKind;
  chosen: About[];
  onChange: (chosen: About[]) => void;
}

export function AboutPicker({ kind, chosen, onChange }: AboutPickerProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [words] = useDebouncedValue(typed, 250);
  const found = useFound(kind, words).filter(({ code }) => chosen.every((each) => each.code !== code));
  if (kind === 'owner') return null;
  return (
    <Fieldset legend={t('organisations.about')}>
      {chosen.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('organisations.aboutNone')}
        </Text>
      )}
      <ul className={classes.chosen} aria-label={t('organisations.chosen')}>
        {chosen.map(({ code, name }) => (
          <li key={code}>
            {`${name} (${code})`}
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('organisations.drop', { name })}
              onClick={() => onChange(chosen.filter((each) => each.code !== code))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <TextInput
        mt="sm"
        type="search"
        label={t('organisations.find')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div className={classes.found}>
        {found.map((each) => (
          <Button
            key={each.code}
            mt={6}
            size="xs"
            variant="default"
            fullWidth
            justify="flex-start"
            onClick={() => onChange([...chosen, each])}
          >
            {t('organisations.take', { name: each.name, code: each.code })}
          </Button>
        ))}
      </div>
    </Fieldset>
  );
}
