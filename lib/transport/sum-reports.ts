import type { DrainReport } from '../options/drain-report.js';

/** One report of what several tell. */
export function sumReports(reports: readonly DrainReport[]): DrainReport {
  const sum = (count: 'accepted' | 'rejected' | 'unknown' | 'notSent') =>
    reports.reduce((total, report) => total + report[count], 0);
  return {
    accepted: sum('accepted'),
    rejected: sum('rejected'),
    unknown: sum('unknown'),
    notSent: sum('notSent'),
    abandoned: reports.flatMap(({ abandoned }) => abandoned),
  };
}
