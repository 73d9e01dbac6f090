import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { sessionQuery } from '../api/session';
import { SignInPage } from '../features/session/SignInPage';
import { Brand } from './Brand';
import { placeAfterSignIn } from './placeAfterSignIn';
import { Preferences } from './Preferences';

export function SignIn() {
  const queries = useQueryClient();
  const router = useRouter();
  const { to } = useSearch({ from: '/sign-in' });
  return (
    <SignInPage
      brand={<Brand />}
      preferences={<Preferences />}
      onSignedIn={(session) => {
        // Nothing of the former caller's may be left over.
        queries.removeQueries();
        queries.setQueryData(sessionQuery.queryKey, session);
        router.history.push(placeAfterSignIn(to));
      }}
    />
  );
}
