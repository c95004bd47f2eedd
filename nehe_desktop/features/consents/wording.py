"""What a consent says, and the version of that text; a changed text gets a new version."""

from __future__ import annotations

from collections.abc import Mapping

VERSION = "2020-1"
"""Stands on the form and in the ledger, so that it is known what somebody signed."""

PHOTO, SHOP, PHONE = "照片使用", "户店信息公开", "电话公开"
KINDS: Mapping[str, str] = {
    PHOTO: "在村务公示栏、展板、简报和本市宣传材料上使用本人（家庭成员）的照片。",
    SHOP: "在户店标牌、二维码页面和村务公示栏上公开户店名称、经营品种和所在村屯。",
    PHONE: "在户店标牌、二维码页面和村务公示栏上公开本户选定的一个联系电话。",
}
"""The three things that may be agreed to, each by itself (domain §11.3 (7))."""

TERMS = (
    "一、以上各项可以只同意一部分，也可以都不同意。不同意不影响享受任何帮扶政策。",
    "二、公开的内容只有打勾的这些，不公开身份证号、银行账号、健康状况和致贫原因。",
    "三、同意以后随时可以撤回，告诉驻村工作队或村委会就行。撤回后 {days} 天内撤下已经张贴、发布的内容，不再使用。",
    "四、未满 14 周岁的家庭成员，由父母或其他监护人签字。",
    "五、本同意书一式两份，一份由本户保存，一份扫描存入台账后归入一户一档。",
)
