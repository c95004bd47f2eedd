"""Masks what is private in text that goes to a log: ID numbers, telephones, accounts and names."""

from __future__ import annotations

import re
from collections.abc import Iterable

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单解仇查盖朴区曲"
)
_NUMBERS = (
    (re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?:\d\d)?(?:B\d)?(?![0-9A-Za-z])"), "‹证件号›"),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "‹电话›"),
    (re.compile(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)"), "‹电话›"),
    (re.compile(r"(?<!\d)\d{15,19}(?!\d)"), "‹长号码›"),
)
_NAME = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:欧阳|司马|上官|诸葛|[{SURNAMES}])[\u4e00-\u9fff·]{{1,3}}(?=户?(?![\u4e00-\u9fff]))"
)


class Masker:
    """Masks numbers by their shape, names by surname where they stand alone and wherever they are known."""

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()

    def know(self, names: Iterable[str]) -> None:
        """Names that are masked wherever they stand, such as all people of the village."""
        self._known = frozenset(name for name in names if len(name) > 1)

    def __call__(self, text: str) -> str:
        """The text without what is private."""
        for shape, word in _NUMBERS:
            text = shape.sub(word, text)
        for name in sorted(self._known, key=len, reverse=True):
            text = text.replace(name, "‹姓名›")
        return _NAME.sub("‹姓名›", text)
