/** Count the characters, words and lines of a text. */
export function countWords(text) {
  return {
    characters: text.length,
    words: text.split(/\s+/).filter(Boolean).length,
    lines: text ? text.split("\n").length : 0,
  };
}
