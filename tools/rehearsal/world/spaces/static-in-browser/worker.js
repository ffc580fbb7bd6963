// Loads the words once, then scores every sentence it gets.
const words = fetch(new URL("./words.json", import.meta.url)).then((answer) => answer.json());

function classify(text, known) {
  const found = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const sum = found.reduce((total, word) => total + (known[word] ?? 0), 0);
  const score = 1 / (1 + Math.exp(-sum));
  return { status: "complete", label: score >= 0.5 ? "POSITIVE" : "NEGATIVE", score };
}

self.addEventListener("message", async ({ data }) => {
  self.postMessage(classify(data, await words));
});

words.then(() => self.postMessage({ status: "ready" }));
