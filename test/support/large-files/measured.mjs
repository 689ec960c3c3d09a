/** How often the memory is looked at. */
const EVERY_MS = 2;

/**
 * Prints, as JSON, what a task took: by how much memory grew at most, and
 * time. The peak that the system keeps would not do: a process inherits it
 * from the one that started it.
 */
export async function measured(task) {
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, EVERY_MS);
  const startedAt = performance.now();
  await task();
  const ms = Math.round(performance.now() - startedAt);
  const cpuMs = Math.round(process.cpuUsage().user / 1000);
  look();
  clearInterval(timer);
  console.info(JSON.stringify({ grownBytes: peak - before, ms, cpuMs }));
}
