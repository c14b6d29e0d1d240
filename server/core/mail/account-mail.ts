/**
 * A mail that somebody's account asks for, as a job: it is written when it is sent, so that neither its text nor the
 * secret in its link waits in a queue, and so that asking takes as long whether or not there is such an account.
 */
export type AccountMail = {
  /** Where links lead, without a trailing slash. */
  publicUrl: string;
} & (
  | {
      /** A link by which whoever reads this mailbox sets a password, or signs in. */
      account: 'reset' | 'magic';
      email: string;
    }
  | {
      /** A link by which a person shows that their address is theirs. */
      account: 'confirm';
      userId: string;
    }
  | {
      /** The same for the address they want to have. */
      account: 'change';
      userId: string;
      email: string;
    }
  | {
      /** Word of a change, so that whoever did not make it can do something. */
      account: 'passwordChanged';
      userId: string;
    }
  | {
      account: 'emailChanged';
      userId: string;
      /** The address they had. */
      email: string;
    }
);
