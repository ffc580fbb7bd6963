// The work is done in a worker, as with a model: the page stays responsive.
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const input = document.querySelector("#text");
const result = document.querySelector("#result");

worker.addEventListener("message", ({ data }) => {
  if (data.status === "ready") {
    worker.postMessage(input.value);
    return;
  }
  result.textContent = `${data.label} (score ${data.score.toFixed(2)})`;
});
input.addEventListener("input", () => worker.postMessage(input.value));
