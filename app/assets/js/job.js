const SECONDS_BETWEEN = 2;

/** Keep the reader informed about a job under way, and go on when it is done. */
export function followJobs() {
  document.querySelectorAll("[data-poll-url]").forEach((job) => ask(job));
}

async function ask(job) {
  try {
    const answer = await fetch(job.dataset.pollUrl, { headers: { Accept: "application/json" } });
    const { percent, step, done, url } = await answer.json();
    if (done) {
      location.replace(url);
      return;
    }
    show(job, percent, step);
  } catch {
    show(job, null, job.dataset.textLost);
  }
  setTimeout(() => ask(job), SECONDS_BETWEEN * 1000);
}

function show(job, percent, step) {
  const words = job.querySelector("[data-job-step]");
  if (step && words.textContent !== step) words.textContent = step; // else it is read out again
  if (percent === null || percent === undefined) return;
  job.querySelector("progress").value = percent;
  job.querySelector(".minga-progress__text").textContent = `${percent} %`;
}
