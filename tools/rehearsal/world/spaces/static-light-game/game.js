// The lights are numbers 0 to 24, row by row.
const SIZE = 5;
const lights = new Set();
let moves = 0;

function neighbours(cell) {
  const [row, column] = [Math.floor(cell / SIZE), cell % SIZE];
  return [
    cell,
    ...(row > 0 ? [cell - SIZE] : []),
    ...(row < SIZE - 1 ? [cell + SIZE] : []),
    ...(column > 0 ? [cell - 1] : []),
    ...(column < SIZE - 1 ? [cell + 1] : []),
  ];
}

function press(cell) {
  for (const light of neighbours(cell)) {
    if (!lights.delete(light)) lights.add(light);
  }
}

function draw() {
  buttons.forEach((button, cell) => button.classList.toggle("on", lights.has(cell)));
  const status = document.querySelector("#status");
  status.textContent = lights.size ? `${moves} moves, ${lights.size} lights on` : `Done in ${moves} moves!`;
}

const buttons = Array.from({ length: SIZE * SIZE }, (_, cell) => {
  const button = document.createElement("button");
  button.setAttribute("aria-label", `Light ${cell + 1}`);
  button.addEventListener("click", () => {
    press(cell);
    moves += 1;
    draw();
  });
  document.querySelector("#board").append(button);
  return button;
});

// Pressing lights at random always gives a board that can be solved.
for (let count = 0; count < 8; count += 1) press(Math.floor(Math.random() * SIZE * SIZE));
draw();
