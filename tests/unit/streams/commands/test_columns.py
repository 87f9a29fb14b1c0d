from streams.commands.columns import columns


def test_columns_are_as_wide_as_their_cells_and_numbers_stand_to_the_right():
    rows = [("name", "count", "note"), ("a", "7", ""), ("漢字", "12,000", "x")]
    assert list(columns(rows, numbers={1})) == ["name   count  note", "a          7", "漢字  12,000  x"]


def test_no_rows_are_no_lines():
    assert list(columns([])) == []
