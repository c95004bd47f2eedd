"""What the county wants to know of a team in time (domain §8.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from nehe_desktop.core.errors import Problem
from nehe_desktop.features.teams.ledger import Helper, HelpLink, Posting

LEAST_MEMBERS = 3
TERM_YEARS = 2
INSURANCE_NOTICE = timedelta(days=30)
LEADERS = ("队长", "队长兼第一书记")


def serves(since: date, until: date | None, day: date) -> bool:
    """Whether a period holds on a day."""
    return since <= day and (until is None or day <= until)


def team_problems(postings: Sequence[Posting], today: date) -> Iterator[Problem]:
    """Fewer than three members, not exactly one leader, terms and insurances that run out (all soft)."""
    active = [p for p in postings if serves(p.since, p.until, today)]
    if len(active) < LEAST_MEMBERS:
        yield Problem(
            "team", f"在岗队员 {len(active)} 人，不足 {LEAST_MEMBERS} 人，请报驻村办补选", "warning"
        )
    leaders = sum(p.role in LEADERS for p in active)
    if leaders != 1:
        yield Problem("role", f"在岗队长有 {leaders} 人，应当有 1 人，请核对驻村职务", "warning")
    for posting in active:
        yield from posting_problems(posting, today)


def posting_problems(posting: Posting, today: date) -> Iterator[Problem]:
    """A term over two years without rotation; an insurance that ends within 30 days or has ended."""
    if term_end(posting.since) < today:
        yield Problem("since", f"{posting.since} 到任，已满 {TERM_YEARS} 年，请办轮换或留任手续", "warning")
    ends = posting.insured_until
    if ends and ends - today <= INSURANCE_NOTICE:
        yield Problem("insured_until", f"意外险 {ends} 到期，请及时续保", "warning")


def term_end(since: date) -> date:
    """The day two years after a posting began; 29 February becomes 28."""
    day = 28 if (since.month, since.day) == (2, 29) else since.day
    return date(since.year + TERM_YEARS, since.month, day)


def helper_problems(
    links: Sequence[HelpLink], helpers: Sequence[Helper], household_phones: set[str], today: date
) -> Iterator[Problem]:
    """DQ35: a registered household has an active helper, who is not of a registered household himself."""
    active = {link.helper for link in links if serves(link.since, link.until, today)}
    if not active:
        yield Problem("helper", "没有在帮的帮扶责任人，请补上结对", rule="DQ35")
    for helper in helpers:
        if helper.id in active and helper.phone and helper.phone in household_phones:
            sentence = f"帮扶责任人{helper.name}的电话登记在建档立卡户里，本人可能就是贫困户，请核对"
            yield Problem("helper", sentence, rule="DQ35")
