"""A guessing game: what a visitor has done so far is in `gr.State`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

import gradio as gr

HIGHEST = 100


@dataclass(frozen=True)
class Game:
    """One visitor's game."""

    number: int
    attempts: int = 0


def new_game() -> Game:
    """Return a game with a number nobody knows."""
    return Game(secrets.randbelow(HIGHEST) + 1)


def guess(game: Game, number: float) -> tuple[Game, str]:
    """Return the game after one more attempt, and what to tell the visitor."""
    after = replace(game, attempts=game.attempts + 1)
    if number == game.number:
        return new_game(), f"Yes, {game.number}! {after.attempts} attempts. I have a new number."
    hint = "higher" if number < game.number else "lower"
    return after, f"Attempt {after.attempts}: my number is {hint}."


with gr.Blocks(title="Guess the number") as demo:
    gr.Markdown(f"# Guess my number from 1 to {HIGHEST}")
    game = gr.State(new_game)
    number = gr.Number(precision=0, minimum=1, maximum=HIGHEST, label="Your guess")
    reply = gr.Textbox(label="Answer")
    number.submit(guess, [game, number], [game, reply], api_name="guess")
    gr.Button("Guess").click(guess, [game, number], [game, reply], api_name=False)

if __name__ == "__main__":
    demo.launch()
