import { useSearch } from '@tanstack/react-router';
import { SignInPage } from '../features/session/SignInPage';
import { leaveFor } from '../view/leave';
import { ownPlace, placeAfterSignIn } from './placeAfterSignIn';

export function SignIn() {
  const { to, refused } = useSearch({ from: '/outside/sign-in' });
  return (
    <SignInPage to={ownPlace(to)} refused={refused} onSignedIn={(session) => leaveFor(placeAfterSignIn(to, session))} />
  );
}
