import { countWords } from "./words.js";
import "./style.css";

const text = document.querySelector("textarea");
const output = document.querySelector("output");

function show() {
  const { characters, words, lines } = countWords(text.value);
  output.textContent = `${characters} characters, ${words} words, ${lines} lines`;
}

text.addEventListener("input", show);
show();
