import 'server-only';
import { UserError } from '@berth/domain/errors';
import { notFound } from 'next/navigation';

/** Runs a reading use case; what a person may not see is a 404 page. */
export async function read<T>(useCase: Promise<T>): Promise<T> {
  try {
    return await useCase;
  } catch (error) {
    if (error instanceof UserError && (error.code === 'not_found' || error.code === 'forbidden')) notFound();
    throw error;
  }
}
