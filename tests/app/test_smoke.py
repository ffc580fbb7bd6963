"""Smoke tests of real Gradio apps: what is called, how it is judged, what is said about it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from tools.app.errors import UploadRefused
from tools.app.login import Login
from tools.app.report import EndpointReport, EndpointVerdict
from tools.app.schema import SENTENCE
from tools.app.smoke import Manner, smoke_test
from tools.app.web import AppToken
from tools.hub.facts import LogText

from .conftest import Smoke, TryOut
from .hosting import ServedApp, answers, free_ports, plain_server

ROOT = Path(__file__).parents[2]

FILE = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
HIDDEN_FILE = {"path": "https://example.com/a", "meta": {}, "inner": FILE}


def told(report: EndpointReport) -> str:
    return "\n".join(f"{each.what} {each.detail}" for each in report.evidence)


@pytest.mark.parametrize(
    ("endpoint", "verdict", "output"),
    [
        ("/greet", "works", "Hello Hello! This is a short test sentence.!"),
        ("/double", "works", "20"),
        ("/pick", "works", "red with nothing"),
        ("/defaults", "works", "presetpreset"),
        ("/caption", "works", "from the examples: 77x55"),
        ("/describe_image", "works", "64x64"),
        ("/measure_audio", "works", "0.50 s at 16000 Hz, peak 12000"),
        ("/play_video", "works", ".mp4 of "),
        ("/read_file", "works", "This is a short test document."),
        ("/count_files", "works", "1 files"),
        ("/load_model", "works", "glTF"),
        ("/count_pictures", "works", "1 pictures"),
        ("/edit", "works", "['background', 'composite', 'layers'] 64"),
        ("/chat_with_files", "works", "37 characters, 0 files"),
        ("/prompt_or_style", "works", "prompt=True style=False"),
        ("/total", "works", "0 rows"),
        ("/answer", "works", "Yes."),
        ("/remember", "works", "seen 0 before"),
        ("/classify", "works", "cat"),
        ("/nothing", "warnings", "null"),
        ("/blank", "warnings", "   "),
        ("/not_a_number", "warnings", '{"score": null}'),
        ("/apologize", "warnings", "Error: model not loaded"),
        ("/hide", "not_verified", "update"),
    ],
)
def test_each_endpoint_gets_a_payload_and_a_judgement(
    try_out: TryOut, endpoint: str, verdict: EndpointVerdict, output: str
) -> None:
    report = try_out(endpoint)
    assert report.verdict == verdict, told(report)
    assert output in report.outputs[0]
    assert len(report.outputs[0]) <= 500


def test_examples_are_sent_as_the_app_s_own_files(try_out: TryOut) -> None:
    report = try_out("/caption")
    assert report.inputs["image"] == "<file example-drawn.png>"
    assert "caption_text (examples), image (examples)" in told(report)


def test_a_picture_is_saved_and_measured(try_out: TryOut, tmp_path: Path) -> None:
    report = try_out("/paint")
    assert report.verdict == "works"
    (file,) = report.files
    assert (file.kind, file.width, file.height) == ("image/webp", 48, 32)
    assert Path(file.path).parent == tmp_path / "out"
    assert Path(file.path).stat().st_size == file.size_bytes
    with Image.open(file.path) as image:
        assert image.size == (48, 32)


def test_a_black_picture_is_a_warning(try_out: TryOut) -> None:
    report = try_out("/paint_black")
    assert report.verdict == "warnings"
    assert "all black" in told(report)


def test_a_silent_sound_is_a_warning_and_a_loud_one_is_not(try_out: TryOut) -> None:
    silent, loud = try_out("/tone"), try_out("/tone", inputs={"loudness": 100})
    assert (silent.verdict, loud.verdict) == ("warnings", "works")
    assert "silent" in told(silent)
    assert loud.files[0].duration_seconds == 0.5


def test_every_file_of_a_list_is_looked_at(try_out: TryOut) -> None:
    files, gallery = try_out("/write_files"), try_out("/gallery")
    names = [Path(file.path).name for file in files.files]
    assert names == ["write_files-1-first_result.txt", "write_files-2-second.csv"]
    assert [file.kind for file in gallery.files] == ["image/webp", "image/webp"]
    assert (files.verdict, gallery.verdict) == ("works", "works")


def test_a_missing_picture_beside_a_text_is_a_warning(try_out: TryOut) -> None:
    report = try_out("/two_outputs")
    assert report.verdict == "warnings"
    assert report.outputs == ("null", "done")


def test_a_hidden_error_is_explained_by_the_log(try_out: TryOut) -> None:
    report = try_out("/crash")
    assert report.verdict == "broken"
    assert "its text is hidden" in told(report)
    assert "run log during the call: ValueError: the tokenizer is missing" in told(report)
    assert "made up" in told(report)


def test_an_old_traceback_is_held_against_the_app_and_not_against_the_next_call(
    smoke: Smoke,
) -> None:
    assert smoke("many_endpoints", endpoint="/crash").verdict == "broken"
    report = smoke("many_endpoints", endpoint="/greet")
    assert report.endpoints[0].verdict == "works"
    assert report.verdict == "works_with_warnings"
    assert any("before the calls: ValueError: the tok" in each.what for each in report.evidence)


def log_of(*lines: str, cut_because: str | None = None) -> LogText:
    return LogText(lines=lines, revision=None, cut_because=cut_because)


STARTED = "===== Application Startup at 2026-11-23 05:00:00 ====="
FAILED = (
    "Traceback (most recent call last):",
    '  File "app.py", line 3, in <module>',
    "KeyError: 1",
)


@pytest.mark.parametrize(
    ("log", "verdict", "said"),
    [
        (log_of(STARTED, "fine"), "works", "no error from the app's start"),
        (log_of(*FAILED, STARTED, "fine"), "works", "no error from the app's start"),
        (log_of(STARTED, *FAILED, "fine"), "works_with_warnings", "KeyError: 1"),
        (log_of(STARTED, "fine", cut_because="it broke"), "works", "in part (it broke)"),
        (log_of(), "works", "the run log is empty"),
    ],
)
def test_the_log_since_the_start_counts(
    apps: Mapping[str, ServedApp], tmp_path: Path, log: LogText, verdict: str, said: str
) -> None:
    report = smoke_test(
        apps["chat"].url, token=None, deadline=20, folder=tmp_path, read_log=lambda: log
    )
    assert report.verdict == verdict
    evidence = " ".join(each.what for each in report.evidence)
    assert said in evidence
    assert ("no error" in evidence) == ("no error" in said)


def test_without_a_log_the_hidden_error_is_still_broken(
    apps: Mapping[str, ServedApp], tmp_path: Path
) -> None:
    url = apps["many_endpoints"].url
    report = smoke_test(url, token=None, deadline=20, folder=tmp_path, endpoint="/crash")
    assert report.verdict == "broken"
    assert any("no run log was given" in each.what for each in report.evidence)


def test_a_log_that_cannot_be_read_is_said_and_harms_nothing(
    apps: Mapping[str, ServedApp], tmp_path: Path
) -> None:
    def unreadable() -> LogText:
        raise OSError("the log is gone")

    url = apps["many_endpoints"].url
    report = smoke_test(
        url, token=None, deadline=20, folder=tmp_path, endpoint="greet", read_log=unreadable
    )
    assert report.verdict == "works"
    assert any("the log is gone" in each.what for each in report.evidence)


def test_an_error_meant_for_users_is_quoted(try_out: TryOut) -> None:
    report = try_out("/refuse")
    assert report.verdict == "broken"
    assert "the app raised an error: Please upload a longer text" in told(report)


@pytest.mark.parametrize(
    ("endpoint", "line"),
    [("/complain", "KeyError: 'x'"), ("/log_error", "the cache folder is not writable")],
)
def test_an_error_in_the_log_of_a_call_that_succeeded(
    try_out: TryOut, endpoint: str, line: str
) -> None:
    report = try_out(endpoint)
    assert report.verdict == "warnings"
    assert line in told(report)


def test_a_generator_is_read_to_its_end(try_out: TryOut) -> None:
    report = try_out("/count")
    assert report.verdict == "works"
    assert report.outputs == ("step 2",)
    assert "streamed 3 values" in told(report)


def test_the_deadline_holds_for_a_silent_function(try_out: TryOut) -> None:
    started = time.monotonic()
    report = try_out("/slow", deadline=3)
    assert time.monotonic() - started < 4
    assert report.verdict == "not_verified"
    assert "last status was PROCESSING" in told(report)


def test_the_deadline_holds_for_an_endless_stream(try_out: TryOut) -> None:
    started = time.monotonic()
    report = try_out("/drip", deadline=3)
    assert time.monotonic() - started < 4
    assert report.verdict == "warnings"
    assert report.outputs[0].startswith("word ")


@pytest.mark.parametrize(
    ("endpoint", "inputs", "reason"),
    [
        ("/pick", {"color": "green"}, "is not in the list of choices: ['red', 'blue']"),
        ("/double", {"number": 99}, "is greater than maximum value 20"),
        ("/answer", {"history": ["x"]}, "before the app's function ran"),
        ("/greet", {"nam": "x"}, "no such parameter; it has: name"),
        ("/unlock", {}, "which nobody can invent"),
        ("/greet", {"name": object()}, "not JSON serializable"),
    ],
)
def test_a_bad_input_of_ours_is_not_the_app_s_fault(
    try_out: TryOut, endpoint: str, inputs: dict[str, object], reason: str
) -> None:
    report = try_out(endpoint, inputs=inputs)
    assert report.verdict == "not_verified", told(report)
    assert reason in told(report)
    assert "`input`" in told(report) or report.inputs


def test_a_caller_s_file_is_sent_when_the_rule_lets_it_pass(
    try_out: TryOut, tmp_path: Path
) -> None:
    picture = tmp_path / "picture.png"
    Image.new("RGB", (31, 17), "red").save(picture)

    def only_the_picture(path: str) -> Path | None:
        if Path(path).is_file() and Path(path) != picture:
            raise UploadRefused(path, "not the picture")
        return picture if Path(path) == picture else None

    def sent(endpoint: str, **inputs: object) -> EndpointReport:
        return try_out(endpoint, inputs=inputs, may_send=only_the_picture)

    assert sent("/describe_image", image=str(picture)).outputs == ("31x17",)
    assert sent("/greet", name=str(picture)).outputs == (f"Hello {picture}!",)
    assert sent("/count_pictures", pictures=[{"image": str(picture)}] * 2).outputs == (
        "2 pictures",
    )
    message = {"text": str(picture), "files": [str(picture)]}
    assert sent("/chat_with_files", message=message).outputs == (
        f"{len(str(picture))} characters, 1 files",
    )
    refused: list[tuple[str, str, object]] = [
        ("/describe_image", "image", "/etc/passwd"),
        ("/greet", "name", HIDDEN_FILE),
        ("/count_pictures", "pictures", [{"image": "/etc/passwd"}]),
        ("/chat_with_files", "message", {"text": "", "files": ["/etc/passwd"]}),
    ]
    for endpoint, name, value in refused:
        with pytest.raises(UploadRefused, match=r"/etc/passwd: not the picture"):
            sent(endpoint, **{name: value})
    with pytest.raises(UploadRefused):
        try_out("/greet", inputs={"name": FILE})  # without a rule nothing may be sent


def test_a_message_may_be_plain_text(try_out: TryOut) -> None:
    assert try_out("/chat_with_files", inputs={"message": "Hi"}).outputs == (
        "2 characters, 0 files",
    )


def test_the_saved_token_of_the_machine_is_not_sent_and_the_given_one_is(
    try_out: TryOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved, given = "hf_" + "a" * 34, "hf_" + "b" * 34
    monkeypatch.setenv("HF_TOKEN", saved)
    assert try_out("/who_asks").outputs == ("nobody",)
    assert try_out("/who_asks", token=AppToken(given)).outputs == (f"Bearer {given}",)


def test_a_file_that_cannot_be_saved_is_a_warning(try_out: TryOut, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.touch()
    report = try_out("/paint", folder=blocked)
    assert report.verdict == "warnings"
    assert "could not be saved" in told(report)


def test_endpoints_are_called_in_order_and_one_failure_hides_no_other(smoke: Smoke) -> None:
    report = smoke("many_endpoints", manner=Manner(most_endpoints=20), deadline=60)
    verdicts = {each.name: each.verdict for each in report.endpoints}
    assert report.verdict == "broken"
    assert verdicts["/crash"] == verdicts["/refuse"] == "broken"
    assert verdicts["/greet"] == verdicts["/paint"] == "works"
    assert verdicts["/slow"] == "skipped"


def test_loads_lambdas_and_dangerous_names_are_left_alone(smoke: Smoke) -> None:
    report = smoke("many_endpoints", manner=Manner(most_endpoints=1))
    told_of = {each.name: told(each) for each in report.endpoints if each.verdict == "skipped"}
    assert "a lambda event" in told_of["/lambda"]
    assert "a load event" in told_of["/on_load"]
    assert "changes or deletes" in told_of["/delete_everything"]
    assert "only 1 endpoints" in told_of["/remove_background"]
    assert [each.verdict for each in report.endpoints if each.verdict != "skipped"] == ["works"]


def test_inputs_choose_the_endpoint_that_takes_them(smoke: Smoke) -> None:
    report = smoke("many_endpoints", inputs={"color": "blue", "extras": ["salt"]})
    assert [each.name for each in report.endpoints] == ["/pick"]
    assert report.endpoints[0].outputs == ("blue with salt",)


def test_unknown_names_are_answered_with_the_known_ones(smoke: Smoke) -> None:
    endpoint = smoke("many_endpoints", endpoint="/nope")
    parameter = smoke("many_endpoints", inputs={"nope": 1})
    assert endpoint.verdict == parameter.verdict == "not_verified"
    assert any("/greet, /double" in each.what for each in endpoint.evidence)
    assert any("/greet(name)" in each.detail for each in parameter.evidence)


def test_a_chat_app_gets_a_message(smoke: Smoke) -> None:
    report = smoke("chat")
    assert report.verdict == "works"
    assert report.endpoints[0].outputs[0].startswith("You said Hello!")


def test_a_custom_server_is_called_by_its_schema(smoke: Smoke) -> None:
    report = smoke("custom_server")
    assert report.verdict == "works"
    assert report.endpoints[0].outputs == ("2",)


def test_an_app_behind_a_login_is_not_verified(smoke: Smoke) -> None:
    report = smoke("behind_login")
    assert report.verdict == "not_verified"
    assert "needs a login" in report.evidence[0].what
    assert "`auth`" in report.evidence[0].detail


def test_a_login_opens_the_app_and_a_wrong_one_does_not(smoke: Smoke) -> None:
    report = smoke("behind_login", manner=Manner(login=Login("user", "password")))
    assert report.verdict == "works"
    assert report.endpoints[0].outputs == (SENTENCE.upper(),)
    wrong = smoke("behind_login", manner=Manner(login=Login("user", "guess")))
    assert wrong.verdict == "not_verified"
    assert "refused the login" in wrong.evidence[0].what
    assert "guess" not in repr(Login("user", "guess"))


def test_an_app_with_nothing_to_call_is_not_verified(smoke: Smoke) -> None:
    report = smoke("idle")
    assert report.verdict == "not_verified"
    assert any("nothing to call" in each.what for each in report.evidence)


def test_a_call_that_ends_the_process_is_told(smoke: Smoke, apps: Mapping[str, ServedApp]) -> None:
    report = smoke("mortal", deadline=20)
    assert report.verdict == "broken"
    assert "the call ended its process" in told(report.endpoints[0])
    assert not answers(apps["mortal"].url)


def test_a_gateway_s_failing_page_is_unreachable(tmp_path: Path) -> None:
    with plain_server(503, b"Service Unavailable", "text/plain") as url:
        report = smoke_test(url, token=None, deadline=5, folder=tmp_path)
    assert report.verdict == "unreachable"
    assert "HTTP 503" in report.evidence[0].what


def test_nobody_there_is_unreachable(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    report = smoke_test(f"http://127.0.0.1:{port}", token=None, deadline=5, folder=tmp_path)
    assert report.verdict == "unreachable"


def test_a_page_that_never_ends_costs_no_more_than_the_deadline(tmp_path: Path) -> None:
    started = time.monotonic()
    with plain_server(200, b"<html>", "text/html", drip=True) as url:
        report = smoke_test(url, token=None, deadline=1, folder=tmp_path)
    assert time.monotonic() - started < 2
    assert report.verdict == "unreachable"
    assert "within the time allowed" in report.evidence[0].what


def test_nothing_is_printed_and_the_program_ends_while_the_app_hangs(
    apps: Mapping[str, ServedApp], tmp_path: Path
) -> None:
    program = f"""
import threading
from pathlib import Path
from tools.app.smoke import Manner, smoke_test
for url in ({apps["chat"].url!r}, {apps["frozen"].url!r}):
    report = smoke_test(url, token=None, deadline=3, folder=Path({str(tmp_path)!r}))
    assert report.verdict == ("works" if url == {apps["chat"].url!r} else "not_verified"), report
others = [each for each in threading.enumerate() if each is not threading.main_thread()]
assert all(each.daemon for each in others), others
assert not [each for each in others if "telemetry" in each.name], others
"""
    environment = os.environ | {"TMPDIR": str(tmp_path / "temporary")}
    (tmp_path / "temporary").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert list((tmp_path / "temporary").iterdir()) == []


def test_importing_the_package_loads_no_client() -> None:
    program = (
        "import sys, tools.app.smoke, tools.app.description; "
        "print([name for name in ('gradio_client', 'httpx', 'PIL', 'huggingface_hub') "
        "if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
