'use client';
import { useQuery } from '@tanstack/react-query';
import type machine from '#lib/questions/machine.ts';
import { queryFor } from '../data/api.ts';

/** The machine that a row is, with the evidence for it; null for a row that is gone. */
export const useMachine = (uid: string) => useQuery(queryFor<typeof machine>('/machines/{uid}', { uid }));
