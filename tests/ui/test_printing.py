"""A paper reaches the print queue whole; a printer that does not answer is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Trouble
from nehe_desktop.ui import printing

QUEUE = "NEHE-TEST"
DRIVER = "lsb/usr/cups-pdf/CUPS-PDF_noopt.ppd"
ONE_PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.fixture(scope="module")
def queue() -> str:
    """A print queue that writes PDF files; made here where CUPS and the right to use it are there."""
    if not (shutil.which("cupsd") and shutil.which("lpadmin")):
        pytest.skip("这台电脑没有 CUPS")
    if subprocess.run(["lpstat", "-r"], capture_output=True, check=False).returncode:
        subprocess.run(["cupsd"], check=False)
        time.sleep(2)
    made = ["lpadmin", "-p", QUEUE, "-E", "-v", "cups-pdf:/", "-m", DRIVER]
    if subprocess.run(made, capture_output=True, check=False).returncode:
        pytest.skip("不能建打印队列")
    return QUEUE


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A PDF of one empty page with a name of its own."""
    path = tmp_path / f"承诺书-{os.getpid()}-{time.monotonic_ns()}.pdf"
    path.write_bytes(ONE_PAGE)
    return path


def test_the_queue_is_among_the_printers(queue: str) -> None:
    assert queue in {printer.name for printer in printing.printers()}


def test_a_paper_is_taken_by_the_queue_under_its_job_name(queue: str, paper: Path) -> None:
    job = printing.send(paper, queue, copies=2)
    listed = subprocess.run(["lpstat", "-W", "all", "-o", queue], capture_output=True, text=True, check=True)
    assert job.startswith(f"{queue}-")
    assert job in listed.stdout


def test_a_printer_that_is_not_there_is_told_with_advice(queue: str, paper: Path) -> None:
    assert queue
    with pytest.raises(Trouble, match="没有接收") as told:
        printing.send(paper, "没有这台打印机")
    assert "打印机" in told.value.advice


def test_without_a_print_server_and_pictures_saving_is_advised(
    paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "by_print_server", lambda: False)
    with pytest.raises(Trouble) as told:
        printing.send(paper, "任意")
    assert "另存为 PDF" in told.value.advice


@pytest.mark.usefixtures("qapp")
def test_pages_go_through_qt_where_there_is_no_print_server(
    paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "by_print_server", lambda: False)
    asked: list[int] = []

    def images(_: Path, dots: int) -> list[printing.PageImage]:
        asked.append(dots)
        return [printing.PageImage(bytes(40 * 30 * 4), 40, 30)]

    with pytest.raises(Trouble, match="没有接收"):
        printing.send(paper, "没有这台打印机", images=images)
    assert asked == [300]
