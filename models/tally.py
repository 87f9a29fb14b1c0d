"""What became of the posts of a community, in numbers."""

import msgspec


class Counts(msgspec.Struct):
    """What became of the posts of a community.

    Attributes:
        applied: Posts that were taken in.
        late: Of these, those behind the watermark.
        too_late: Posts that changed nothing because they came behind the allowed lateness.
        duplicates: Posts that had come before.
        backfilled: Of those applied, those of a backfill.
        baseline_changes: How often the volume that is usual has changed for good.
    """

    applied: int = 0
    late: int = 0
    too_late: int = 0
    duplicates: int = 0
    backfilled: int = 0
    baseline_changes: int = 0

    def add(self, other: "Counts") -> None:
        """Count what the other counted too."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
