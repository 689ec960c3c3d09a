/** Prints, as JSON, what a task took: memory at its peak, and time. */
export async function measured(task) {
  const before = peakBytes();
  const startedAt = performance.now();
  await task();
  const ms = Math.round(performance.now() - startedAt);
  const cpuMs = Math.round(process.cpuUsage().user / 1000);
  console.info(JSON.stringify({ grownBytes: peakBytes() - before, ms, cpuMs }));
}

/** The most memory this process has ever held. */
function peakBytes() {
  return process.resourceUsage().maxRSS * 1024;
}
