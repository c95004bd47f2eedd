"""The copy that is kept: PDF/A-2b, written and checked by pikepdf's validator (not by veraPDF)."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from pikepdf import pdfa

from nehe_desktop.core.errors import Trouble

FLAVOUR = "2b"


def archive(source: Path, target: Path) -> None:
    """Write a printed file as PDF/A-2b; an existing target stays when it cannot conform (Trouble)."""
    try:
        with pikepdf.open(source) as pdf:
            pdfa.save(pdf, target, FLAVOUR)
    except pdfa.PdfaError as error:
        raise Trouble(
            f"无法存为长期保存格式：{source.name}", "请先用普通 PDF 保存，并把这个文件交给维护人员。"
        ) from error
    except OSError as error:
        raise Trouble(f"无法写入文件：{target.name}", "请检查磁盘空间和文件是否被占用。") from error


def faults(path: Path) -> list[str]:
    """Why a file is not PDF/A-2b; empty when it is."""
    with pikepdf.open(path) as pdf:
        return [str(finding) for finding in pdfa.check(pdf, FLAVOUR).findings]
