import { pipeline } from "https://cdn.jsdelivr.net/npm/@huggingface/transformers@4.3.1";

const MODEL = "@@model@@";
const TASK = "text-classification";
const PRECISION = "q8";

const form = document.querySelector("form");
const button = form.querySelector("button");
const output = document.querySelector("output");
const progress = document.querySelector("progress");

function showProgress(report) {
  if (report.status === "progress" && report.progress !== undefined) {
    progress.value = report.progress;
  }
}

async function load() {
  const classifier = await pipeline(TASK, MODEL, {
    dtype: PRECISION,
    progress_callback: showProgress,
  });
  progress.hidden = true;
  button.disabled = false;
  button.textContent = "Classify";
  return classifier;
}

const loading = load();
loading.catch((error) => {
  button.textContent = "The model did not load";
  output.textContent = String(error.message ?? error);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const classifier = await loading;
  const [best] = await classifier(form.elements.text.value);
  output.textContent = `${best.label}, ${(best.score * 100).toFixed(1)} %`;
});
