import { useCatalog, useSession } from '../view/session';
import { pagesOf } from '../view/nav';
import { TextLink } from './TextLink';

const pages = { school: '/schools', book: '/books', publisher: '/publishers' } as const;

export type Linked = keyof typeof pages;

export function isLinked(dimension: string): dimension is Linked {
  return dimension in pages;
}

/** A school, book or publisher by its name, as a link to its page when the reader may open it. */
export function EntityLink({ dimension, code, name }: { dimension: Linked; code: string; name: string }) {
  const session = useSession();
  const { catalog } = useCatalog();
  if (!pagesOf(session, catalog).includes(pages[dimension])) return <>{name}</>;
  return (
    <TextLink to={`${pages[dimension]}/$code`} params={{ code }} underline="hover">
      {name}
    </TextLink>
  );
}
