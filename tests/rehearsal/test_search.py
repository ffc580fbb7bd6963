"""Words, stems and how documents are ranked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tools.rehearsal import search


def made(title: str, readme: str = "", code: str = "", name: str = "a/b") -> search.Document:
    card = {"title": title}
    return search.document({"id": name, "cardData": card, "tags": []}, None, readme, code)


def test_inflections_agree() -> None:
    for words in (
        ("generate", "generating", "generator", "generated", "generation"),
        ("plots", "plot", "plotting", "plotted"),
        ("filters", "filter", "filtering"),
    ):
        assert len({search.stem(word) for word in words}) == 1
    assert search.stem("class") == "class"


def test_a_title_counts_more_than_a_program() -> None:
    documents = [made("Other", code="def chess(): ..."), made("Chess"), made("Third")]
    scores = search.relevance("chess", documents)
    assert scores[1] > scores[0] > scores[2] == 0


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    documents = [made("Image tool"), made("Image viewer"), made("Image zebra"), made("Zebra")]
    scores = search.relevance("image zebra", documents)
    assert scores[2] == max(scores)
    assert scores[3] > scores[0]


def test_the_block_of_a_readme_is_no_text() -> None:
    document = made("A", readme="---\nemoji: rocket\n---\nbody")
    assert document.weight(search.stem("body"))
    assert not document.weight(search.stem("rocket"))


@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=6))
def test_relevance_is_between_nothing_and_one(query: str, titles: list[str]) -> None:
    scores = search.relevance(query, [made(title) for title in titles])
    assert all(0 <= score <= 1 for score in scores)
    assert len(scores) == len(titles)


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12))
def test_a_space_is_found_by_its_own_title(word: str) -> None:
    if word in search.STOP_WORDS:
        return
    assert search.relevance(word, [made(word), made("zzz1")])[0] > 0
