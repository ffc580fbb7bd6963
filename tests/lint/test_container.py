"""What is known of a container after its Dockerfile, and where its server listens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tools.lint import Project
from tools.lint.container import Container, read_container, variables_of
from tools.lint.dockerfile import read_dockerfile
from tools.lint.server_calls import Server
from tools.lint.servers import find_server
from tools.lint.texts import MemoryTexts

STAGES = """
ARG VERSION=3.12
FROM python:$VERSION AS base
ENV HOME=/home/user PATH="/home/user/bin:$PATH"
RUN useradd -m -u 1000 user
USER user:group
FROM node:20 AS page
USER root
WORKDIR /page
FROM base
WORKDIR $HOME
WORKDIR app
ENV DATA $HOME/app/data
RUN chmod 777 /srv
CMD ["first"]
CMD ["second"]
"""


def container(text: str) -> Container:
    return read_container(read_dockerfile(text))


def server(files: dict[str, str]) -> Server | None:
    project = Project(MemoryTexts({"README.md": "---\nsdk: docker\n---\n", **files}))
    assert project.dockerfile is not None
    return find_server(project, read_container(project.dockerfile))


def test_the_last_stage_is_followed_with_those_it_is_made_from() -> None:
    found = container(STAGES)
    assert (found.user, found.is_root) == ("user", False)
    assert found.folder == "/home/user/app"
    assert found.variables["DATA"] == "/home/user/app/data"
    assert found.opened == ["chmod 777 /srv"]
    assert [one.arguments for one in found.start] == ['["second"]']


def test_both_forms_of_env_and_a_bare_arg() -> None:
    dockerfile = read_dockerfile('ENV A=1 B="two words"\nENV C three words\nARG D\nARG E=5\n')
    found = [
        (one.name, one.value) for line in dockerfile.instructions for one in variables_of(line)
    ]
    assert found == [("A", "1"), ("B", "two words"), ("C", "three words"), ("D", None), ("E", "5")]


def test_a_command_is_appended_to_an_entry_point() -> None:
    text = 'FROM python\nENTRYPOINT ["uvicorn"]\nCMD ["app:app", "--port", "9000"]\n'
    found = server({"Dockerfile": text})
    assert found is not None
    assert (found.name, found.port_number) == ("uvicorn", 9000)
    assert found.host.value == "127.0.0.1"
    assert not found.host.written


def test_a_script_of_the_project_is_opened_by_its_path_in_the_container() -> None:
    files = {
        "Dockerfile": 'FROM python\nENV PORT=7860\nCMD ["/app/run/start.sh"]\n',
        "run/start.sh": "#!/bin/bash\nHOST=0.0.0.0\nexec gunicorn -b $HOST:$PORT app:app\n",
    }
    found = server(files)
    assert found is not None
    assert (found.file, found.line, found.port_number) == ("run/start.sh", 3, 7860)
    assert found.port.variable


def test_a_script_with_two_servers_is_left_alone() -> None:
    files = {
        "Dockerfile": 'FROM python\nCMD ["./start.sh"]\n',
        "start.sh": "uvicorn inner:app --port 9000 &\nstreamlit run app.py\n",
    }
    assert server(files) is None


def test_python_code_is_followed_from_the_started_file() -> None:
    files = {
        "Dockerfile": "FROM python\nCOPY src/ /app/\nCMD python /app/main.py\n",
        "src/main.py": "from web import serve\n\nserve()\n",
        "src/web.py": "import uvicorn\n\nPORT = 9000\n\n\ndef serve():\n"
        '    uvicorn.run("web:app", host="0.0.0.0", port=PORT)\n',
        "other.py": "import uvicorn\n\nuvicorn.run(None, port=1234)\n",
    }
    found = server(files)
    assert found is not None
    assert (found.file, found.port_number) == ("src/web.py", 9000)


def test_unpacked_arguments_say_nothing_sure() -> None:
    code = 'import uvicorn\n\nuvicorn.run("a:b", **settings)\n'
    found = server({"Dockerfile": "FROM python\nCMD python app.py\n", "app.py": code})
    assert found is not None
    assert found.host.value is None
    assert found.port_number is None


@given(st.text(st.sampled_from("FROMENVRUCDKIT aszp:=\"'[]$\\\n/1,&;-#"), max_size=120))
def test_any_dockerfile_is_followed(text: str) -> None:
    read_container(read_dockerfile(text))
    server({"Dockerfile": text, "s.sh": text, "p.py": text})
