"""Several files in, one ZIP archive out."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import gradio as gr

MOST_BYTES = 50_000_000


def pack(paths: list[str] | None, name: str) -> tuple[str, list[list[str]]]:
    """Return the path of an archive of the files, and a table of names and sizes."""
    files = [Path(path) for path in paths or []]
    if not files:
        raise gr.Error("Choose at least one file.")
    if sum(file.stat().st_size for file in files) > MOST_BYTES:
        raise gr.Error("That is more than 50 MB.")
    target = Path(tempfile.mkdtemp()) / f"{Path(name).stem or 'files'}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
        rows = [[item.filename, f"{item.file_size} bytes"] for item in archive.infolist()]
    return str(target), rows


with gr.Blocks(title="Zip maker") as demo:
    gr.Markdown("# Zip maker")
    paths = gr.File(file_count="multiple", label="Files")
    name = gr.Textbox("files", label="Name of the archive")
    archive = gr.File(label="Archive")
    table = gr.Dataframe(headers=["File", "Size"], label="In it")
    gr.Button("Pack", variant="primary").click(
        pack, [paths, name], [archive, table], api_name="pack"
    )

if __name__ == "__main__":
    demo.launch()
