import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { changeOrganisation, makeOrganisation } from '../../api/organisations';
import type { Organisation } from '../../api/types';
import { Refused } from '../../board/Refused';
import { useSaid } from '../../board/said';
import { Dialog } from '../../ui/Dialog';
import { OrganisationForm, type Written } from './OrganisationForm';

interface OrganisationDialogProps {
  editing: Organisation | 'new' | undefined;
  parents: Organisation[];
  onClose: () => void;
}

export function OrganisationDialog({ editing, parents, onClose }: OrganisationDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const said = useSaid();
  const edited = editing === 'new' ? undefined : editing;
  const writing = useMutation({
    mutationFn: ({ kind, requires_two_factor, ...parts }: Written) =>
      edited ? changeOrganisation(edited.slug, { ...parts, requires_two_factor }) : makeOrganisation(kind, parts),
    onSuccess: async ({ slug, name }) => {
      onClose();
      said(t('organisations.saved', { name }));
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['organisations'] }),
        queries.invalidateQueries({ queryKey: ['organisation', slug] }),
      ]);
    },
  });
  const close = () => {
    writing.reset();
    onClose();
  };
  return (
    <Dialog
      opened={editing !== undefined}
      onClose={close}
      title={edited ? t('organisations.editOf', { name: edited.name }) : t('organisations.add')}
      closeLabel={t('shell.close')}
      busy={writing.isPending}
    >
      <OrganisationForm
        organisation={edited}
        parents={parents.filter(({ slug }) => slug !== edited?.slug)}
        refusal={<Refused error={writing.error} />}
        busy={writing.isPending}
        onWrite={(written) => writing.mutate(written)}
        onCancel={close}
      />
    </Dialog>
  );
}
