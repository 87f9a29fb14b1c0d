from models.term_matrix import TermMatrix as PlainTermMatrix

# No subclass, but the same methods: tests/unit/models/test__term_matrix.py holds both to them.
class TermMatrix(PlainTermMatrix): ...
