# distutils: language = c++
# cython: boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""`models.term_matrix.TermMatrix`, compiled: the same methods, and the same results to the last bit.

What differs is where things lie. Each row has a place, given again after it is gone. A row is an array of counts in the
order of its terms, a column an array of the rows that hold its term; a count points to its column, which lives as long
as a row holds its term. Dot products are added up in one array of all rows, cleared after each search.
"""

from libc.math cimport log, log1p, pow, sqrt
from libcpp.algorithm cimport sort
from libcpp.pair cimport pair
from libcpp.vector cimport vector

from models.term_matrix import Row as PlainRow

cdef long long NO_MICRO_CLUSTER = -1
cdef double KEPT_SHARE = 0.5
cdef int REWEIGH_POSTS = 16
cdef int MERGE_TERMS_MAX = 12
cdef int COUNT_BYTES = 8


cdef struct Count:
    void* column
    double count
    double damped


cdef struct Row:
    long long number
    vector[Count] counts
    double length_squared
    long long posts_since_weighing
    double preference
    long long seen_ms
    double pace


cdef struct Held:
    int row
    double damped


cdef struct Score:
    double dot
    double scale


cdef class Column:
    """A term, and the rows that hold it: at least one, between any two calls."""

    cdef str term
    cdef Py_ssize_t bytes
    cdef double log_rows
    cdef vector[Held] rows

    def __cinit__(self, str term not None):
        self.term = term
        self.bytes = COUNT_BYTES + (len(term) if term.isascii() else len(term.encode()))


cdef class TermMatrix:
    """See the module's description, and each method of `TermMatrix`."""

    cdef readonly Py_ssize_t terms_max, posting_max, bytes
    cdef readonly double damping, novelty, preference, recency
    cdef dict _row_places, _columns
    cdef vector[Row] _rows
    cdef vector[int] _free_rows, _reached
    cdef vector[Score] _scores
    cdef double _log_rows

    def __init__(
        self, *, Py_ssize_t terms_max, Py_ssize_t posting_max, double damping, double novelty, double preference,
        double recency,
    ):
        self.terms_max, self.posting_max = terms_max, posting_max
        self.damping, self.novelty, self.preference, self.recency = damping, novelty, preference, recency
        self.bytes = 0
        self._row_places, self._columns = {}, {}

    def enter(self, long long number, row):
        cdef int place
        if self._free_rows.empty():
            place = <int>self._rows.size()
            self._rows.resize(place + 1)
            self._scores.push_back(Score(0.0, 0.0))
        else:
            place = self._free_rows.back()
            self._free_rows.pop_back()
        self._row_places[number] = place
        self._log_rows = log(len(self._row_places) + 1)
        cdef Row* kept = &self._rows[place]
        kept.number = number
        kept.length_squared = row.length_squared
        kept.posts_since_weighing = row.posts_since_weighing
        kept.preference = row.preference
        kept.seen_ms, kept.pace = row.seen_ms, row.pace
        for term, count in row.terms.items():
            self._add_count(place, self._column_of(term), count)
        self._scale(place)

    def leave(self, long long number):
        cdef int place = self._row_places.pop(number)
        cdef Count count
        self._log_rows = log(len(self._row_places) + 1)
        for count in self._rows[place].counts:
            self._take_from_column(<Column>count.column, place)
        self._rows[place].counts.clear()
        self._rows[place].counts.shrink_to_fit()
        self._free_rows.push_back(place)

    def row(self, long long number):
        cdef Row* row = &self._rows[<int>self._row_places[number]]
        cdef Count count
        return PlainRow(
            {(<Column>count.column).term: count.count for count in row.counts},
            row.length_squared, row.posts_since_weighing, row.preference, row.seen_ms, row.pace,
        )

    def rarity(self, str term):
        return self._rarity(self._columns.get(term))

    def nearest(self, dict counts, long long now_ms):
        cdef double length_squared = 0.0, best_score = 0.0, second_score = 0.0
        cdef double count, rarity, weight, score, length
        cdef long long best = NO_MICRO_CLUSTER
        cdef int place
        cdef Py_ssize_t at
        cdef Column column
        cdef Row* row
        # All columns are looked up first: that waits for memory, less if nothing else comes between.
        cdef list columns = [self._columns.get(<str?>term) for term in counts]
        for at, value in enumerate(counts.values()):
            count = value
            column = columns[at]
            rarity = self._rarity(column)
            weight = count * (rarity * rarity)
            if column is None:
                length_squared += self.novelty * weight * count
                continue
            length_squared += weight * count
            self._add_to_dots(column, weight)
        for place in self._reached:
            score = self._scores[place].dot * self._scores[place].scale
            self._scores[place].dot = 0.0
            if score < second_score:
                continue
            row = &self._rows[place]
            if now_ms > row.seen_ms:
                score *= pow(1.0 + (now_ms - row.seen_ms) * row.pace, -self.recency)
            if score > best_score or (score == best_score and row.number < best):
                best = row.number
                second_score = best_score
                best_score = score
            elif score > second_score:
                second_score = score
        self._reached.clear()
        if best_score == 0.0:
            return NO_MICRO_CLUSTER, 0.0, 0.0
        length = sqrt(length_squared)
        return best, best_score / length, second_score / length

    def learn(self, long long number, dict counts, double gain):
        cdef int place = self._row_places[number]
        cdef Row* row = &self._rows[place]
        cdef double added = 0.0, count, rarity, damped, before
        cdef Column column
        cdef Py_ssize_t at
        cdef bint is_full
        cdef list crowded = []
        for term, value in counts.items():
            count = value
            column = self._column_of(term)
            at = self._find_column(row, column)
            if at < 0:
                before = 0.0
                damped = self._add_count(place, column, 0.0 + count * gain)
            else:
                before = row.counts[at].damped
                damped = self._set_count(place, at, row.counts[at].count + count * gain)
            rarity = self._rarity(column)
            added += (damped * damped - before * before) * (rarity * rarity)
            if <Py_ssize_t>column.rows.size() > self.posting_max:
                crowded.append(term)
        row.length_squared += added
        row.posts_since_weighing += 1
        is_full = <Py_ssize_t>row.counts.size() > self.terms_max
        if is_full:
            self._cut_row(place)
        for term in crowded:
            self._cut_column(term)
        if is_full or row.posts_since_weighing >= REWEIGH_POSTS:
            self._reweigh(place)

    def take_away(self, long long number, dict counts, double count_min):
        cdef int place = self._row_places[number]
        cdef Row* row = &self._rows[place]
        cdef double rest
        cdef Column column
        cdef Py_ssize_t at
        for term, count in counts.items():
            column = self._columns.get(term)
            at = -1 if column is None else self._find_column(row, column)
            if at < 0:
                continue
            rest = row.counts[at].count - <double>count
            if rest >= count_min:
                self._set_count(place, at, rest)
            else:
                self._take_from_column(column, place)
                row.counts.erase(row.counts.begin() + at)
        self._reweigh(place)

    def reweigh(self, long long number):
        self._reweigh(self._row_places[number])

    def mark(self, long long number, double weight, long long seen_ms, double pace):
        cdef int place = self._row_places[number]
        cdef Row* row = &self._rows[place]
        row.preference = 1.0 + self.preference * log1p(weight)
        row.seen_ms, row.pace = seen_ms, pace
        self._scale(place)

    def closest(self, long long number):
        cdef int own = self._row_places[number]
        cdef long long best = NO_MICRO_CLUSTER
        cdef double best_square = 0.0, square
        cdef int place
        cdef Row* row
        cdef Column column
        cdef pair[double, int] one
        self._reweigh(own)
        for one in self._heaviest(own, MERGE_TERMS_MAX):
            column = <Column>self._rows[own].counts[one.second].column
            self._add_to_dots(column, -one.first * self._rarity(column))
        for place in self._reached:
            row = &self._rows[place]
            square = self._scores[place].dot * self._scores[place].dot / row.length_squared
            self._scores[place].dot = 0.0
            if place != own and (square > best_square or (square == best_square and row.number < best)):
                best = row.number
                best_square = square
        self._reached.clear()
        return best, sqrt(best_square / self._rows[own].length_squared) if best_square > 0.0 else 0.0

    def heaviest(self, long long number, Py_ssize_t count):
        cdef int place = self._row_places[number]
        cdef pair[double, int] one
        cdef Row* row = &self._rows[place]
        return [((<Column>row.counts[one.second].column).term, -one.first) for one in self._heaviest(place, count)]

    def rescale(self, double factor, double count_min):
        for number in list(self._row_places):
            row = self.row(number)
            self.leave(number)
            scaled = ((term, count * factor) for term, count in row.terms.items())
            row.terms = {term: count for term, count in scaled if count >= count_min}
            self.enter(number, row)
        for number in self._row_places:
            self.reweigh(number)

    cdef double _rarity(self, Column column) noexcept:
        return 1.0 + (self._log_rows - (0.0 if column is None else column.log_rows))

    cdef int _add_to_dots(self, Column column, double factor) except -1:
        cdef Held held
        cdef Score* score
        for held in column.rows:
            score = &self._scores[held.row]
            if score.dot == 0.0:
                self._reached.push_back(held.row)
            score.dot += factor * held.damped
        return 0

    cdef void _scale(self, int place) noexcept:
        cdef Row* row = &self._rows[place]
        self._scores[place].scale = row.preference / sqrt(row.length_squared) if row.length_squared > 0.0 else 0.0

    cdef void _reweigh(self, int place) noexcept:
        cdef Row* row = &self._rows[place]
        cdef Count count
        cdef double weight
        row.length_squared = 0.0
        for count in row.counts:
            weight = count.damped * self._rarity(<Column>count.column)
            row.length_squared += weight * weight
        row.posts_since_weighing = 0
        self._scale(place)

    cdef vector[pair[double, int]] _heaviest(self, int place, Py_ssize_t limit):
        """Return the weights of a row's heaviest terms, negative, each with its place in the row."""
        cdef Row* row = &self._rows[place]
        cdef vector[pair[double, int]] ranked
        cdef int at
        for at in range(<int>row.counts.size()):
            ranked.push_back(pair[double, int](-row.counts[at].damped * self._rarity(<Column>row.counts[at].column), at))
        sort(ranked.begin(), ranked.end())
        if <Py_ssize_t>ranked.size() > limit:
            ranked.resize(limit)
        return ranked

    cdef Column _column_of(self, str term):
        """Return a term's column, a new one if no row holds it."""
        cdef Column column = self._columns.get(term)
        if column is None:
            column = self._columns[term] = Column(term)
        return column

    cdef double _add_count(self, int place, Column column, double count) except? -1.0:
        """Add a term to a row that does not hold it, and return its count damped."""
        cdef double damped = pow(count, self.damping)
        self._rows[place].counts.push_back(Count(<void*>column, count, damped))
        column.rows.push_back(Held(place, damped))
        column.log_rows = log(column.rows.size())
        self.bytes += column.bytes
        return damped

    cdef double _set_count(self, int place, Py_ssize_t at, double count) noexcept:
        """Set the count at a place of a row, and return it damped."""
        cdef Count* kept = &self._rows[place].counts[at]
        cdef double damped = pow(count, self.damping)
        cdef Column column = <Column>kept.column
        kept.count, kept.damped = count, damped
        column.rows[self._find_row(column, place)].damped = damped
        return damped

    cdef int _take_from_column(self, Column column, int place) except -1:
        cdef Py_ssize_t at = self._find_row(column, place)
        assert at >= 0, "a count stands in its row and in its column"
        column.rows[at] = column.rows.back()
        column.rows.pop_back()
        column.log_rows = log(column.rows.size())
        self.bytes -= column.bytes
        if column.rows.empty():
            del self._columns[column.term]  # which may free the column: nothing may come after
        return 0

    cdef Py_ssize_t _find_row(self, Column column, int place) noexcept:
        """Return where a column holds a row, -1 if it does not."""
        cdef Py_ssize_t at
        for at in range(<Py_ssize_t>column.rows.size()):
            if column.rows[at].row == place:
                return at
        return -1

    cdef Py_ssize_t _find_column(self, Row* row, Column column) noexcept:
        """Return where a row holds a column, -1 if it does not."""
        cdef Py_ssize_t at
        for at in range(<Py_ssize_t>row.counts.size()):
            if row.counts[at].column is <void*>column:
                return at
        return -1

    cdef int _cut_row(self, int place) except -1:
        cdef Row* row = &self._rows[place]
        cdef vector[pair[double, int]] ranked
        cdef vector[int] kept
        cdef vector[Count] counts
        cdef Py_ssize_t at
        for at in range(<Py_ssize_t>row.counts.size()):
            ranked.push_back(pair[double, int](-row.counts[at].count, <int>at))
        sort(ranked.begin(), ranked.end())
        for at in range(<Py_ssize_t>ranked.size()):
            if at < kept_of(self.terms_max):
                kept.push_back(ranked[at].second)
            else:
                self._take_from_column(<Column>row.counts[ranked[at].second].column, place)
        sort(kept.begin(), kept.end())
        for at in range(<Py_ssize_t>kept.size()):
            counts.push_back(row.counts[kept[at]])
        row.counts.swap(counts)
        return 0

    cdef int _cut_column(self, str term) except -1:
        cdef vector[pair[double, pair[longlong, int]]] ranked
        cdef Held held
        cdef Row* row
        cdef int place
        cdef size_t at
        cdef Column column = self._columns.get(term)
        if column is None or <Py_ssize_t>column.rows.size() <= self.posting_max:
            return 0
        for held in column.rows:
            row = &self._rows[held.row]
            ranked.push_back(pair[double, pair[longlong, int]](-held.damped, pair[longlong, int](row.number, held.row)))
        sort(ranked.begin(), ranked.end())
        for at in range(kept_of(self.posting_max), ranked.size()):
            place = ranked[at].second.second
            row = &self._rows[place]
            self._take_from_column(column, place)
            row.counts.erase(row.counts.begin() + self._find_column(row, column))
            self._reweigh(place)
        return 0


cdef Py_ssize_t kept_of(Py_ssize_t limit) noexcept:
    cdef Py_ssize_t kept = <Py_ssize_t>(limit * KEPT_SHARE)
    return kept if kept > 1 else 1
