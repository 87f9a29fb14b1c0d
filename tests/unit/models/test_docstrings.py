from models.docstrings import read_docstring


def test_a_docstring_is_taken_apart():
    docstring = """A thing,
    in two lines.

    Attributes:
        one, other: What both are,
            told in two lines: these.
        third: With ``code`` in it.

    Raises:
        ValueError: What is no attribute.
    """
    assert read_docstring(docstring) == (
        "A thing, in two lines.",
        {
            "one": "What both are, told in two lines: these.",
            "other": "What both are, told in two lines: these.",
            "third": "With `code` in it.",
        },
    )
    assert read_docstring("A thing.") == ("A thing.", {})
