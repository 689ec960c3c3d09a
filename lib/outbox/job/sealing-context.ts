import type { JobLabel } from './stored-job.js';

/** What a body is sealed for: it opens as no other job and nowhere else. */
export function sealingContext(
  jobId: string,
  { v, environment }: JobLabel & { readonly v: number },
): readonly string[] {
  return [jobId, String(v), environment];
}
