import { notFound } from 'next/navigation';

/** Addresses nobody has: answered by the site's own page, in the visitor's language. */
export default function MissingPage(): never {
  notFound();
}
