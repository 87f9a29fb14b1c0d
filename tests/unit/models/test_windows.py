from models.windows import AUTHORS_MAX, SLICE_MS, SlidingCounts, is_open, slice_of

# A character is a minute; a letter is a post by that author.
ALLOWED_LATENESS_MS = 10 * SLICE_MS


def counts_of(timeline, slices_max=60):
    counts = SlidingCounts(slices_max)
    for minute, author in enumerate(timeline):
        if author != ".":
            counts.add(author, minute * SLICE_MS)
    return counts


def test_a_slice_is_a_minute_that_begins_with_its_first_millisecond():
    assert [slice_of(at_ms) for at_ms in (0, SLICE_MS - 1, SLICE_MS)] == [0, 0, 1]


def test_a_slice_stays_open_until_the_allowed_lateness_after_its_end():
    closes_ms = SLICE_MS + ALLOWED_LATENESS_MS
    for at_ms in (0, SLICE_MS - 1):
        assert is_open(at_ms, closes_ms - 1, ALLOWED_LATENESS_MS)
        assert not is_open(at_ms, closes_ms, ALLOWED_LATENESS_MS)


def test_each_length_has_its_own_count_of_authors_and_posts():
    counts = counts_of("aab.c.ba")
    now_ms = 7 * SLICE_MS
    assert counts.count(now_ms, [1]) == [(1, 1)]
    assert counts.count(now_ms, [2]) == [(2, 2)]
    assert counts.count(now_ms, [4]) == [(3, 3)]
    assert counts.count(now_ms, [60]) == [(3, 6)]


def test_time_alone_empties_the_windows():
    counts = counts_of("abc")
    assert counts.count(4 * SLICE_MS, [3]) == [(1, 1)]
    assert counts.count(5 * SLICE_MS, [3]) == [(0, 0)]


def test_a_late_post_counts_in_its_own_slice():
    counts = counts_of("a...b")
    counts.add("c", 1 * SLICE_MS)
    counts.add("a", 1 * SLICE_MS)
    assert counts.count(4 * SLICE_MS, [3]) == [(1, 1)]
    assert counts.count(4 * SLICE_MS, [4]) == [(3, 3)]


def test_a_post_older_than_the_longest_window_is_not_counted():
    counts = counts_of("." * 30 + "a", slices_max=10)
    counts.add("b", 20 * SLICE_MS)
    assert counts.count(30 * SLICE_MS, [10]) == [(1, 1)]
    counts.add("b", 21 * SLICE_MS)
    assert counts.count(30 * SLICE_MS, [10]) == [(2, 2)]


def test_a_post_that_is_taken_back_counts_no_more_and_its_author_until_the_slice_is_gone():
    counts = SlidingCounts(60)
    for author in ("ann", "bob", "ann"):
        counts.add(author, SLICE_MS)
    counts.take_back(SLICE_MS)
    assert counts.count(SLICE_MS, [60]) == [(2, 2)]
    for _ in range(3):
        counts.take_back(SLICE_MS)
    assert counts.count(SLICE_MS, [60]) == [(2, 0)]


def test_what_one_takes_over_from_another_counts_authors_of_both_once():
    counts = counts_of("ab.....c")
    counts.absorb(counts_of("..bd....a"))
    assert counts.count(8 * SLICE_MS, [60]) == [(4, 6)]
    assert counts.count(8 * SLICE_MS, [2]) == [(2, 2)]


def test_old_slices_and_authors_are_forgotten():
    counts = SlidingCounts(10)
    for minute in range(1000):
        counts.add(f"author{minute}", minute * SLICE_MS)
        assert len(counts.posts) <= 11
        assert len(counts.latest) <= 11


def test_beyond_their_cap_the_authors_who_posted_longest_ago_are_forgotten():
    counts = SlidingCounts(60)
    for number in range(AUTHORS_MAX + 1):
        counts.add(f"author{number:05}", number * 30 * SLICE_MS // AUTHORS_MAX)
    [(authors, posts)] = counts.count(30 * SLICE_MS, [60])
    assert posts == AUTHORS_MAX + 1
    assert authors == AUTHORS_MAX * 3 // 4 == AUTHORS_MAX + 1 - counts.forgotten
    assert min(counts.latest.values()) > 30 // 4 - 1
    assert max(counts.latest.values()) == 30
