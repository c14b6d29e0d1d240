'use client';

import { EmailSection } from './email-section';
import { PasswordSection } from './password-section';
import { SessionsSection } from './sessions-section';

/** How a person signs in, and where they are signed in. */
export function SecurityPage() {
  return (
    <>
      <SessionsSection />
      <EmailSection />
      <PasswordSection />
    </>
  );
}
