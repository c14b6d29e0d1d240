'use client';

import { config } from 'zod/v4/core';

// To find out whether it may compile schemas, zod tries `eval`, which the page's policy forbids and would report
// (security X1). Imported first, before any schema is made.
if (typeof window !== 'undefined') config({ jitless: true });
