from models.post import Post
from streams.commands import community_table
from streams.commands.community_table import NONE, OTHERS, CommunityTable, CommunityTally


def post(number=1, text="espresso at the harbour", author="ann", **changes):
    return Post(id=str(number), text=text, created_at=0, author=author, source="test", **changes)


def rows(table, width=120):
    return [" ".join(line.split()) for line in table.lines(width)]


def test_each_community_has_posts_authors_share_terms_and_a_sample():
    table = CommunityTable()
    table.add(post(1), ["coffee", "islanders"])
    table.add(post(2, "espresso again", "bob"), ["coffee"])
    assert rows(table) == [
        "community posts authors share most frequent a sample",
        "coffee 2 2 100.0% espresso, harbour espresso at the harbour",
        "islanders 1 1 50.0% espresso, harbour espresso at the harbour",
    ]
    assert (table.posts, len(table)) == (2, 2)


def test_posts_of_no_community_have_a_row_of_their_own():
    table = CommunityTable()
    table.add(post(), [])
    assert rows(table)[1].startswith(f"{NONE} 1 1 100.0%")
    assert len(table) == 0


def test_unknown_authors_are_not_counted_as_one():
    table = CommunityTable()
    table.add(post(author=None), ["coffee"])
    assert rows(table)[1].startswith("coffee 1 unknown")


def test_lines_fit_the_terminal_and_hostile_text_is_harmless():
    table = CommunityTable()
    table.add(post(text="日本語 " * 100 + "\x1b[2J"), ["coffee\x1b[31m\nshop"])
    lines = list(table.lines(100))
    assert "\x1b" not in "".join(lines)
    assert len(lines) == 2
    assert len(lines[1]) <= 100


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(community_table, "COMMUNITIES_MAX", 2)
    monkeypatch.setattr(community_table, "AUTHORS_MAX", 3)
    monkeypatch.setattr(community_table, "TERMS_MAX", 10)
    table = CommunityTable()
    for number in range(50):
        table.add(post(number, f"common word{number}", f"author{number}"), [f"community{number}", "coffee"])
    lines = rows(table)
    assert lines[1].startswith("coffee 50 3+ 100.0% common")
    assert any(line.startswith(f"{OTHERS} 49") for line in lines)


def test_the_most_frequent_terms_come_first_and_ties_by_alphabet():
    tally = CommunityTally("sample")
    for terms in (["pear", "plum"], ["plum"], ["apple", "quince"]):
        tally.add(post(), terms)
    assert tally.leading_terms() == ["plum", "apple", "pear"]


def test_many_communities_are_summed_up(monkeypatch):
    monkeypatch.setattr(community_table, "_ROWS_MAX", 2)
    table = CommunityTable()
    for number in range(5):
        table.add(post(), [f"community{number}"])
    assert rows(table)[-1] == "and 3 smaller ones with 3 posts"
