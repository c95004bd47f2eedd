"""A list as large as the county for the import: made-up households with their members, 28 columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nehe_desktop.core.identity import id_check_char
from nehe_desktop.spreadsheets.writing import Column, write_list

_HEADINGS = (
    "省", "市", "县", "乡", "村", "户编号", "人编号",
    "姓名", "性别", "证件类型", "证件号码", "与户主关系", "民族", "文化程度",
    "在校生状况", "健康状况", "劳动技能", "户类型", "主要致贫原因",
    "人均纯收入（元）", "联系电话",
    "是否参加城乡居民基本医疗保险", "是否参加大病保险", "是否危房户",
    "是否解决安全饮用水", "是否有卫生厕所",
    "耕地面积（亩）", "脱贫年度",
)  # fmt: skip
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴", "国英淑玉桂兰文德福海"


def write_county(path: Path, households: int, persons: int) -> Path:
    """Writes the list as a workbook."""
    columns = [Column(heading) for heading in _HEADINGS]
    write_list(path, columns, _members(households, persons), title="讷河市已脱贫户家庭成员信息表")
    return path


def _members(households: int, persons: int) -> Iterator[list[object]]:
    made = 0
    for home in range(households):
        for place in range(3 if home < persons - 2 * households else 2):
            yield _member(home, place, made)
            made += 1


def _member(home: int, place: int, at: int) -> list[object]:
    number, sex = f"2302{home:010d}", int(place != 1)
    return [
        "黑龙江省", "齐齐哈尔市", "讷河市", f"第{home % 15}镇", f"第{home % 171}村",
        number, f"{number}{place + 1:02d}", _SURNAMES[home % 10] + _GIVEN[at % 10] + _GIVEN[at // 10 % 10],
        "女男"[sex], "居民身份证", _id_number(at, sex), ("户主",
        "配偶", "之子")[place], "汉族", "小学", "",
        "长期慢性病" if at % 3 else "健康", "普通劳动力", "一般贫困户", "因病", 6000 + at % 9000,
        f"138{home:08d}", "是", "是", "否", "是", "是", 12.5 + home % 30, 2018,
    ]  # fmt: skip


def _id_number(at: int, sex: int) -> str:
    """A number of a county part that was never assigned."""
    born = f"{1935 + at % 60}{1 + at % 12:02d}{1 + at % 28:02d}"
    body = f"2302{90 + at % 5}{born}{at // 60 % 100:02d}{2 * (at // 6000 % 5) + sex}"
    return body + id_check_char(body)
